import { fieldOf, textFieldOf } from '../callback/callback.ts';

/** A list in a reply; empty if it is missing. */
export function listOf(reply: unknown, name: string): readonly unknown[] {
  const list = fieldOf(reply, name);
  return Array.isArray(list) ? list : [];
}

/** The ErrorCode of a reply or of an item; null if it has none. */
export function codeOf(reply: unknown): number | null {
  const code = fieldOf(reply, 'ErrorCode');
  return /^\d{1,9}$/.test(String(code)) ? Number(code) : null;
}

export interface CustomField {
  key: string;
  /** May contain NUL. */
  value: string;
}

/** A group at the vendor. Fields that the vendor leaves out are null. */
export interface GroupInfo {
  groupId: string;
  /** By its old name, such as `Private` or `ChatRoom`, or by its new one. */
  type: string | null;
  name: string | null;
  /** '' without an owner. */
  ownerAccount: string | null;
  introduction: string | null;
  notification: string | null;
  faceUrl: string | null;
  createdAt: Date | null;
  infoChangedAt: Date | null;
  lastMessageAt: Date | null;
  /** Always null for an AVChatRoom. */
  memberCount: number | null;
  mostMembers: number | null;
  /** Such as `FreeAccess`. */
  applyJoinOption: string | null;
  isMuted: boolean | null;
  customFields: readonly CustomField[] | null;
}

export interface Member {
  account: string;
  /** `Owner`, `Admin` or `Member`. */
  role: string | null;
  joinedAt: Date | null;
  lastMessageAt: Date | null;
  mutedUntil: Date | null;
  nameCard: string | null;
  customFields: readonly CustomField[] | null;
}

/** Null for an item without an id. */
export function groupOf(item: unknown): GroupInfo | null {
  const groupId = textFieldOf(item, 'GroupId');
  if (groupId === null) return null;
  const muted = fieldOf(item, 'MuteAllMember');
  return {
    groupId,
    type: textFieldOf(item, 'Type'),
    name: stringOf(fieldOf(item, 'Name')),
    ownerAccount: stringOf(fieldOf(item, 'Owner_Account')),
    introduction: stringOf(fieldOf(item, 'Introduction')),
    notification: stringOf(fieldOf(item, 'Notification')),
    faceUrl: stringOf(fieldOf(item, 'FaceUrl')),
    createdAt: dateOf(fieldOf(item, 'CreateTime')),
    infoChangedAt: dateOf(fieldOf(item, 'LastInfoTime')),
    lastMessageAt: dateOf(fieldOf(item, 'LastMsgTime')),
    memberCount: wholeOf(fieldOf(item, 'MemberNum')),
    mostMembers: wholeOf(fieldOf(item, 'MaxMemberNum')),
    applyJoinOption: textFieldOf(item, 'ApplyJoinOption'),
    isMuted: muted === 'On' ? true : muted === 'Off' ? false : null,
    customFields: customFieldsOf(fieldOf(item, 'AppDefinedData')),
  };
}

/** Null for an item without an account. */
export function memberOf(item: unknown): Member | null {
  const account = textFieldOf(item, 'Member_Account');
  if (account === null) return null;
  return {
    account,
    // One of the vendor's samples has a trailing blank.
    role: textFieldOf(item, 'Role')?.trim() || null,
    joinedAt: dateOf(fieldOf(item, 'JoinTime')),
    lastMessageAt: dateOf(fieldOf(item, 'LastSendMsgTime')),
    mutedUntil: dateOf(fieldOf(item, 'MuteUntil')),
    nameCard: stringOf(fieldOf(item, 'NameCard')),
    customFields: customFieldsOf(fieldOf(item, 'AppMemberDefinedData')),
  };
}

/** A natural number, also as a string of digits; null for anything else. */
export function wholeOf(value: unknown): number | null {
  return /^\d{1,15}$/.test(String(value)) ? Number(value) : null;
}

/** From Unix seconds; 0 means never. */
function dateOf(value: unknown): Date | null {
  const seconds = wholeOf(value) ?? 0;
  // Beyond the range of JavaScript dates, the value is not a time.
  return seconds > 0 && seconds <= 8.64e12 ? new Date(seconds * 1_000) : null;
}

function stringOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function customFieldsOf(value: unknown): CustomField[] | null {
  if (!Array.isArray(value)) return null;
  return value.flatMap((item) => {
    const key = stringOf(fieldOf(item, 'Key'));
    return key === null ? [] : { key, value: stringOf(fieldOf(item, 'Value')) ?? '' };
  });
}
