/** A difference between the mirror and the vendor, with the values as both show them; '' equals null. */
export interface Difference {
  groupId: string;
  /** `missing`: only the vendor has it; `extra`: only the mirror has it. */
  kind: 'missing' | 'extra' | 'different';
  /** `group`, `member`, or the field of the group or member as the read API names it. */
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
  /** The member's account, or the key of the custom field; null for other fields. */
  of: string | null;
  mirror: string | null;
  vendor: string | null;
}

/** A group that was left out, with the reason. */
export interface LeftOut {
  groupId: string;
  /** The vendor's ErrorCode, if any. */
  code: number | null;
  reason: string;
}
