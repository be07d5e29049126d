import callbackDocument from '../../generated/callback.json' with { type: 'json' };
import { familyOf } from '../simulator/examples.ts';

/** MUST: the vendor's documentation, or what its traffic is known to carry. SHOULD: this project's own contract. */
export type Level = 'MUST' | 'SHOULD';

export interface Rule {
  level: Level;
  text: string;
  /** A link, or a file of this repository with the place in it. */
  source: string;
}

const overview = callbackDocument.externalDocs.url;
const page = callbackDocument.components.schemas['Group.CallbackAfterCreateGroup'].externalDocs.url;

function vendor(text: string, source = overview): Rule {
  return { level: 'MUST', text, source };
}

function ours(text: string, place = 'POST /'): Rule {
  return { level: 'SHOULD', text, source: `openapi/callback.yaml, ${place}` };
}

function http(text: string, section: string): Rule {
  return { level: 'SHOULD', text, source: `https://www.rfc-editor.org/rfc/rfc9112#section-${section}` };
}

export const rules = {
  answered: vendor('a callback is answered with HTTP 200 and JSON before the vendor gives up, which is after 2 s'),
  parameters: vendor('the query parameters vary as the vendor documents them and as its traffic carries them'),
  repeated: vendor('where the console says so, a callback that timed out is sent again: a duplicate is answered OK'),
  ownApp: vendor('the app backend must check whether the SDKAppID in the URL is its own', page),
  signature: vendor('Sign is SHA-256 of token and RequestTime, and a RequestTime more than 60 s off is invalid'),
  replyIsJson: vendor('a reply that is not JSON is a failed callback'),
  replyFields: vendor('a reply has ActionStatus (OK or FAIL), ErrorCode (an integer) and ErrorInfo (text)', page),
  clockDrift: ours('a RequestTime up to 60 s off is valid: clocks differ', 'components.securitySchemes.Sign'),
  open: ours('unknown commands, parameters and fields are accepted: the vendor adds them without notice'),
  optional: ours('ClientIP and OptPlatform are absent from some commands, and the order of parameters means nothing'),
  retryMark: ours('a callback is accepted however it is marked: one marked as a retry may be the first to arrive'),
  anyOrder: ours('callbacks come in any order: a member may join a group whose creation has not arrived yet'),
  anyMediaType: ours('the body is read as JSON whatever its Content-Type says, also without one'),
  probe: ours("the console's probe, a body of {} or none and perhaps no SdkAppid, is answered OK"),
  chunked: http('a body may come in chunks, without its length', '7.1'),
  persistent: http('the vendor keeps its connections, so an endpoint keeps them open: also after a refusal', '9.3'),
  harmless: vendor('after any hostile request the next callback is answered'),
  otherMethods: ours(
    'a browser that opens the callback URL gets an answer that is neither OK nor a failure',
    'POST / 405',
  ),
  replyContract: ours('a reply is as the contract describes it for its status', 'components.schemas.Reply'),
  replyMediaType: ours('a reply is application/json', 'POST /, responses'),
} as const satisfies Record<string, Rule>;

/** A command must be accepted as its page and its example here show it. */
export function acceptedRule(command: string, example: string): Rule {
  const schemas: Record<string, { externalDocs?: { url: string } } | object> = callbackDocument.components.schemas;
  const schema = schemas[command];
  return {
    level: 'MUST',
    text: `${rules.answered.text}; this one is openapi/examples/${command.split('.')[0]}/${example}.json`,
    source: (schema && 'externalDocs' in schema && schema.externalDocs?.url) || overview,
  };
}

/** A reply to a command that decides, or carries data, must match the contract, whose description may say more. */
export function decisionRule(command: string): Rule {
  type Described = { description?: string; properties?: { ErrorCode?: Described } };
  const schemas = callbackDocument.components.schemas as Record<string, Described>;
  const { description = '', properties } = schemas[`${command}.Reply`] ?? {};
  const own = description.split(/\n\n+/).filter((paragraph) => !paragraph.startsWith("Vendor's page:"));
  const prose = own.join(' ').replace(/^The reply to \S+\s*/, '');
  const parts = [`the reply to ${command} is as the contract describes it.`, prose, properties?.ErrorCode?.description];
  return {
    level: 'SHOULD',
    text: parts.join(' ').replaceAll('**Decided:** ', '').replaceAll(/\s+/g, ' ').trim(),
    source: `openapi/replies/${familyOf(command)}/${command}.yaml`,
  };
}

/** A request must get the reply that the contract declares for it. */
export function refusalRule(status: number): Rule {
  const responses: Record<string, { description: string }> = callbackDocument.paths['/'].post.responses;
  const description = responses[status]?.description.replaceAll(/\s+/g, ' ').trim() ?? '';
  return ours(description.replace(/\.$/, ''), `POST / ${status}`);
}
