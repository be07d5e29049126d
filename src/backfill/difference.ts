/** Where the mirror is not as the vendor has it. Texts as both show them; '' and null are the same. */
export interface Difference {
  groupId: string;
  /** `missing`: only the vendor has it; `extra`: only the mirror has it. */
  kind: 'missing' | 'extra' | 'different';
  /** `group`, `member`, or the field of the group or of the member, as the read API names it. */
  field:
    | 'group'
    | 'type'
    | 'name'
    | 'ownerAccount'
    | 'introduction'
    | 'notification'
    | 'faceUrl'
    | 'customField'
    | 'member'
    | 'role'
    | 'nameCard';
  /** The member's account, or the key of the custom field; null for the others. */
  of: string | null;
  mirror: string | null;
  vendor: string | null;
}

/** A group that was left out, and why. */
export interface LeftOut {
  groupId: string;
  /** ErrorCode of the vendor, where there is one. */
  code: number | null;
  reason: string;
}
