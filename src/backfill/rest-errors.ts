import type { RestAccount } from './user-sig.ts';

/** The reaction to an ErrorCode of the vendor. */
export type Reaction =
  /** The vendor failed. */
  | 'retry'
  /** Too many calls: wait, then retry. */
  | 'slow down'
  /** The UserSig is refused: make a new one once. */
  | 'sign again'
  /** The reply would be too large: ask for less. */
  | 'split'
  /** It concerns one group: leave it out. */
  | 'group'
  /** It concerns one type of group: leave it out. */
  | 'type'
  /** No call will succeed. */
  | 'stop';

/** What a failed call means for the caller. */
export type RestErrorKind =
  /** No call succeeds until an operator, or a fix in this program, removes the cause. */
  | 'stop'
  /** The vendor has been unreachable or failing for minutes. The same call may succeed later. */
  | 'away'
  /** The group cannot be read; with `isGone`, it does not exist. Other groups can be read. */
  | 'group'
  /** Groups of this type cannot be read. */
  | 'type';

/** Where the vendor is called, and with which account. */
export interface RestAccess extends Pick<RestAccount, 'sdkAppId' | 'admin'> {
  /** Domain, with its port if any. */
  host: string;
}

interface Meaning {
  reaction: Reaction;
  means: string;
  /** Absent: there is no remedy. */
  remedy?: (access: RestAccess) => string;
}

const LATER = () => 'try again later';
const OURS = () => 'this is a fault of tencent-chat-callbacks, or of a proxy that changes requests: please report it';
const APP = ({ sdkAppId, host }: RestAccess) =>
  `SDK_APP_ID ${sdkAppId} must be the app's, and REST_DOMAIN ${host} that of its region`;
const ADMIN = ({ admin, sdkAppId }: RestAccess) =>
  `REST_ADMIN ${JSON.stringify(admin)} must be an administrator of app ${sdkAppId}: see the vendor's console`;
const SIGNATURE = ({ sdkAppId, host }: RestAccess) =>
  `REST_KEY (redacted) must be the key of app ${sdkAppId} as the vendor's console shows it, and REST_DOMAIN ${host} that of its region`;
const CONSOLE = ({ sdkAppId }: RestAccess) => `see app ${sdkAppId} in the vendor's console`;

/** By ErrorCode. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  10002: { reaction: 'retry', means: 'an internal error of the vendor' },
  10003: { reaction: 'stop', means: 'an unknown command', remedy: OURS },
  10004: { reaction: 'stop', means: 'a bad parameter', remedy: OURS },
  10006: { reaction: 'slow down', means: 'too many calls of this endpoint' },
  10007: { reaction: 'group', means: 'not permitted, or not for this type of groups', remedy: ADMIN },
  10010: { reaction: 'group', means: 'the group does not exist' },
  10015: { reaction: 'group', means: 'the id is not that of a group' },
  10018: { reaction: 'split', means: 'the reply would be larger than 1 MB' },
  11000: { reaction: 'type', means: 'communities are not enabled', remedy: CONSOLE },
  60002: { reaction: 'stop', means: 'a bad URL', remedy: OURS },
  60003: { reaction: 'stop', means: 'the request is not JSON', remedy: OURS },
  60004: { reaction: 'sign again', means: 'the UserSig was refused', remedy: SIGNATURE },
  60005: { reaction: 'sign again', means: 'the UserSig was refused', remedy: SIGNATURE },
  60006: { reaction: 'stop', means: 'a bad SDKAppID', remedy: APP },
  60007: { reaction: 'slow down', means: 'too many calls' },
  60008: { reaction: 'retry', means: "a time-out of the vendor's" },
  60009: { reaction: 'stop', means: 'a bad path', remedy: OURS },
  60010: { reaction: 'stop', means: 'the caller is no administrator', remedy: ADMIN },
  60011: { reaction: 'slow down', means: 'too many calls of this app' },
  60012: { reaction: 'stop', means: 'the SDKAppID is missing', remedy: OURS },
  60014: { reaction: 'retry', means: "a time-out of the vendor's" },
  60016: { reaction: 'stop', means: 'the app is disabled', remedy: CONSOLE },
  60017: { reaction: 'stop', means: 'this request is disabled for the app', remedy: CONSOLE },
  60018: { reaction: 'slow down', means: 'too many calls' },
  60019: { reaction: 'slow down', means: "too many calls for the vendor's system" },
  60020: { reaction: 'stop', means: "the app's plan has expired", remedy: CONSOLE },
  60021: {
    reaction: 'stop',
    means: 'the address of this machine is refused',
    remedy: ({ sdkAppId }) => `allow it for app ${sdkAppId} in the vendor's console`,
  },
  70001: {
    reaction: 'sign again',
    means: 'the UserSig has expired',
    remedy: () => 'the clock of this machine must be right',
  },
  70003: { reaction: 'sign again', means: 'the UserSig was refused', remedy: SIGNATURE },
  70005: { reaction: 'sign again', means: 'the UserSig was refused', remedy: SIGNATURE },
  70009: { reaction: 'sign again', means: 'the UserSig was made with another key', remedy: SIGNATURE },
  70013: { reaction: 'sign again', means: 'the UserSig is of another account', remedy: ADMIN },
  70169: { reaction: 'retry', means: "a time-out of the vendor's" },
};

/** A code outside the table may concern this group only. */
const UNKNOWN: Meaning = {
  reaction: 'group',
  means: 'an error that is not known here',
  remedy: () => "look it up in the vendor's documentation",
};

export function meaningOf(code: number): Meaning {
  return MEANINGS[code] ?? UNKNOWN;
}

const GROUP_GONE = 10010;
const TOO_LARGE = 10018;
const LONGEST_INFO = 200;

interface Evidence {
  /** The vendor's ErrorCode; null if its answer has none. */
  code: number | null;
  endpoint: string;
  groupId: string | null;
  /** When the request was sent, by the vendor's clock; null if its answer does not tell. */
  sentAt: Date | null;
}

/**
 * A call that failed for good. The text is fit for operators: it contains no part of the signed URL, and there is no
 * cause.
 */
export class RestError extends Error {
  override name = 'RestError';
  readonly kind: RestErrorKind;
  readonly code: number | null;
  readonly endpoint: string;
  readonly groupId: string | null;
  readonly sentAt: Date | null;

  constructor(kind: RestErrorKind, what: string, { code, endpoint, groupId, sentAt }: Evidence) {
    const of = groupId === null ? '' : ` of group ${JSON.stringify(groupId)}`;
    super(`${endpoint}${of}: ${what}`);
    this.kind = kind;
    this.code = code;
    this.endpoint = endpoint;
    this.groupId = groupId;
    this.sentAt = sentAt;
  }

  /** The vendor no longer has the group. */
  get isGone(): boolean {
    return this.code === GROUP_GONE;
  }

  get isTooLarge(): boolean {
    return this.code === TOO_LARGE;
  }

  /** The same call may succeed later. */
  get mayPass(): boolean {
    return this.code !== null && ['retry', 'slow down'].includes(meaningOf(this.code).reaction);
  }

  /** A smaller call may succeed: the reply was too large, or one of several groups has an error of its own. */
  get isWorthSplitting(): boolean {
    return this.code !== null && ['split', 'group'].includes(meaningOf(this.code).reaction);
  }
}

/**
 * The error for an ErrorCode.
 * @param info the vendor's ErrorInfo
 * @param kind default: what the code means
 */
export function errorOfCode(
  info: unknown,
  access: RestAccess,
  evidence: Evidence & { code: number },
  kind?: RestErrorKind,
): RestError {
  const {
    reaction,
    means,
    remedy = reaction === 'retry' || reaction === 'slow down' ? LATER : null,
  } = meaningOf(evidence.code);
  const said = typeof info === 'string' && info !== '' ? ` (${JSON.stringify(harmless(info))})` : '';
  const advice = remedy ? `: ${remedy(access)}` : '';
  const what = `the vendor answered ${evidence.code}, ${means}${said}${advice}`;
  return new RestError(kind ?? kindOf(reaction, evidence.groupId), what, evidence);
}

function kindOf(reaction: Reaction, groupId: string | null): RestErrorKind {
  if (reaction === 'type') return 'type';
  if (reaction === 'retry' || reaction === 'slow down') return 'away';
  return (reaction === 'group' || reaction === 'split') && groupId !== null ? 'group' : 'stop';
}

/** An ErrorInfo may quote the request, whose URL is secret: removes whatever looks like part of a signature. */
function harmless(info: string): string {
  return info.replace(/[\w*%+/=-]{24,}/g, '…').slice(0, LONGEST_INFO);
}
