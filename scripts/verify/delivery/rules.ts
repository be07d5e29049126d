import type { Rule } from '../rules.ts';

const STANDARD = 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md';

function must(text: string, section: string): Rule {
  return { level: 'MUST', text, source: `openapi/guide/deliveries.md, ${section}` };
}

function standard(text: string): Rule {
  return { level: 'MUST', text, source: STANDARD };
}

export const rules = {
  answered: must('an event is answered with 2xx within 15 s, or it is sent again', 'What to answer'),
  repeated: must('delivery is at least once: a repeat with the same webhook-id is answered with 2xx', 'What to answer'),
  open: must(
    'commands, fields and attributes are added without notice: what is unknown is ignored',
    'Receive deliveries',
  ),
  size: must(
    'a callback may have 262144 bytes (MAX_BODY_BYTES), which is more than many parsers take',
    'What to answer',
  ),
  subjects: must('events of different subjects are sent at once', 'What to answer'),
  redirect: must('redirects are not followed: the URL has to be the one that answers', 'What to answer'),
  verbatim: must(
    "the signature covers the body's bytes as they arrive: JSON that is parsed and written again has other bytes",
    "Check the delivery's signature",
  ),
  rotation: standard('while the secret is rotated there are two signatures: one that fits is enough, in either place'),
  signature: standard('a request whose signature is missing or wrong is refused with 4xx; 410 would pause deliveries'),
  timestamp: standard('a timestamp more than 5 minutes off is refused: who intercepts a request cannot send it later'),
  fast: {
    level: 'SHOULD',
    text: 'an event is answered at once and worked on afterwards: the next one of its subject waits for the answer',
    source: 'openapi/guide/deliveries.md, What to answer',
  },
} as const satisfies Record<string, Rule>;
