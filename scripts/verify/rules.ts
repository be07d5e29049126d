import callbackDocument from '../../generated/callback.json' with { type: 'json' };
import type { Rule } from './check.ts';

const overview = callbackDocument.externalDocs.url;
const page = callbackDocument.components.schemas['Group.CallbackAfterCreateGroup'].externalDocs.url;

function vendor(text: string, source = overview): Rule {
  return { level: 'MUST', text, source };
}

function ours(text: string, place = 'POST /'): Rule {
  return { level: 'SHOULD', text, source: `openapi/callback.yaml, ${place}` };
}

export const rules = {
  answered: vendor('a callback is answered with HTTP 200 and JSON before the vendor gives up, which is after 2 s'),
  parameters: vendor('the query parameters vary as the vendor documents them and as its traffic carries them'),
  repeated: vendor('where the console says so, a callback that timed out is sent again: a repeat is answered OK'),
  ownApp: vendor('the app backend must check whether the SDKAppID in the URL is its own', page),
  signature: vendor('Sign is SHA-256 of token and RequestTime, and a RequestTime more than 60 s off is invalid'),
  replyIsJson: vendor('a reply that is not JSON is a failed callback'),
  replyFields: vendor('a reply has ActionStatus (OK or FAIL), ErrorCode (an integer) and ErrorInfo (text)', page),
  clockDrift: ours('a RequestTime up to 60 s off is valid: clocks differ', 'components.securitySchemes.Sign'),
  open: ours('unknown commands, parameters and fields are taken: the vendor adds them without notice'),
  optional: ours('ClientIP and OptPlatform are absent from some commands, and the order of parameters means nothing'),
  retryMark: ours('a callback is taken however it is marked: one that is marked as a retry may be the first to arrive'),
  anyOrder: ours('callbacks come in any order: a member may join a group whose creation has not arrived yet'),
  anyMediaType: ours('the body is read as JSON whatever its Content-Type says, also without one'),
  probe: ours("the console's probe, a body of {} or none and perhaps no SdkAppid, is answered OK"),
  chunked: {
    level: 'SHOULD',
    text: 'a body may come in chunks, without its length',
    source: 'https://www.rfc-editor.org/rfc/rfc9112#section-7.1',
  },
  persistent: {
    level: 'SHOULD',
    text: 'the vendor keeps its connections, so an endpoint keeps them open: also after a refusal',
    source: 'https://www.rfc-editor.org/rfc/rfc9112#section-9.3',
  },
  harmless: vendor('whatever others send, the next callback is answered'),
  otherMethods: ours(
    'a browser that opens the callback URL gets an answer that is neither OK nor a failure',
    'POST / 405',
  ),
  replyContract: ours('a reply is as the contract describes it for its status', 'components.schemas.Reply'),
  replyMediaType: ours('a reply is application/json', 'POST /, responses'),
} as const satisfies Record<string, Rule>;

/** That a command is accepted as its page, and its example here, have it. */
export function acceptedRule(command: string, example: string): Rule {
  const schemas = callbackDocument.components.schemas as Record<string, { externalDocs?: { url: string } } | object>;
  const schema = schemas[command];
  return {
    level: 'MUST',
    text: `${rules.answered.text}; this one is openapi/examples/${command.split('.')[0]}/${example}.json`,
    source: (schema && 'externalDocs' in schema && schema.externalDocs?.url) || overview,
  };
}

/** That a request gets the reply that the contract declares for it. */
export function refusalRule(status: number): Rule {
  const responses: Record<string, { description: string }> = callbackDocument.paths['/'].post.responses;
  const description = responses[status]?.description.replaceAll(/\s+/g, ' ').trim() ?? '';
  return ours(description.replace(/\.$/, ''), `POST / ${status}`);
}
