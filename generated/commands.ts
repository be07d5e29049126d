// generated, run npm run generate

/** What the contract says of a command by the x- keys of its file. Pointers are JSON pointers; `*` is every item. */
export interface CommandFacts {
  family: string;
  /** `before`: the reply decides; `answer`: the reply must carry data. */
  kind: 'before' | 'after' | 'answer';
  title: string;
  subject: { kind: 'group' | 'account' | 'pair' | 'official' | 'none'; from: readonly string[] };
  accounts: readonly string[];
  eventTime: { from: string; unit: 'milliseconds' | 'seconds' } | null;
  /** A field whose presence makes an equal body a repeat, where there is no event time. */
  idempotency: string | null;
  /** What is removed of it where messages are not kept. */
  carriesMessage: readonly string[];
  /** Whether `ClientIP` and `OptPlatform` are sent. */
  clientParameters: boolean;
}

/** The commands that the contract describes, in its order. */
export const COMMANDS = {
  'Group.CallbackAfterCreateGroup': {
    family: "Group",
    kind: "after",
    title: "After a group is created",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/Operator_Account","/Owner_Account","/MemberList/*/Member_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackBeforeCreateGroup': {
    family: "Group",
    kind: "before",
    title: "Before a group is created",
    subject: {"kind":"none","from":[]},
    accounts: ["/Operator_Account","/Owner_Account","/MemberList/*/Member_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackBeforeApplyJoinGroup': {
    family: "Group",
    kind: "before",
    title: "Before a user applies to join a group",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/Requestor_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackBeforeInviteJoinGroup': {
    family: "Group",
    kind: "before",
    title: "Before users are invited to a group",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/Operator_Account","/DestinationMembers/*/Member_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackAfterNewMemberJoin': {
    family: "Group",
    kind: "after",
    title: "After members join a group",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/Operator_Account","/NewMemberList/*/Member_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackAfterMemberExit': {
    family: "Group",
    kind: "after",
    title: "After members leave a group",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/Operator_Account","/ExitMemberList/*/Member_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackBeforeSendMsg': {
    family: "Group",
    kind: "before",
    title: "Before a message is sent",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/From_Account","/Operator_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: ["/MsgBody","/CloudCustomData"],
    clientParameters: true,
  },
  'Group.CallbackAfterSendMsg': {
    family: "Group",
    kind: "after",
    title: "After a message is sent",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/From_Account","/Operator_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: ["/MsgBody","/CloudCustomData"],
    clientParameters: true,
  },
  'Group.CallbackAfterRecallMsg': {
    family: "Group",
    kind: "after",
    title: "After messages are recalled",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/Operator_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackAfterReadReceipt': {
    family: "Group",
    kind: "after",
    title: "After messages are read",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/GroupMsgReceiptList/*/ReadReceiptMembers/*/Member_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackSendMsgException': {
    family: "Group",
    kind: "after",
    title: "When a message could not be sent",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/From_Account","/Operator_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: ["/MsgBody","/CloudCustomData"],
    clientParameters: true,
  },
  'Group.CallbackAfterGroupInfoChanged': {
    family: "Group",
    kind: "after",
    title: "After a group's profile is changed",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/Operator_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackAfterChangeGroupOwner': {
    family: "Group",
    kind: "after",
    title: "After a group's owner is changed",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/Operator_Account","/OldOwner_Account","/NewOwner_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackAfterMemberFieldChanged': {
    family: "Group",
    kind: "after",
    title: "After a member's profile is changed",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/Operator_Account","/Member_Account","/Modified_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackAfterGroupAttrChanged': {
    family: "Group",
    kind: "after",
    title: "After a group's attributes are changed",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/Operator_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackAfterGroupFull': {
    family: "Group",
    kind: "after",
    title: "After a group is full",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: [],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackAfterGroupDestroyed': {
    family: "Group",
    kind: "after",
    title: "After a group is disbanded",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/Owner_Account","/MemberList/*/Member_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackOnMemberStateChange': {
    family: "Group",
    kind: "after",
    title: "When members go online or offline",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/MemberList/*/Member_Account"],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: [],
    clientParameters: false,
  },
  'Group.CallbackBeforeCreateTopic': {
    family: "Group",
    kind: "before",
    title: "Before a topic is created",
    subject: {"kind":"none","from":[]},
    accounts: ["/Operator_Account"],
    eventTime: null,
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackAfterCreateTopic': {
    family: "Group",
    kind: "after",
    title: "After a topic is created",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/Operator_Account","/Owner_Account"],
    eventTime: null,
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackAfterTopicInfoChanged': {
    family: "Group",
    kind: "after",
    title: "After a topic's profile is changed",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: ["/Operator_Account"],
    eventTime: null,
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackAfterTopicDestroyed': {
    family: "Group",
    kind: "after",
    title: "After topics are deleted",
    subject: {"kind":"group","from":["/GroupId"]},
    accounts: [],
    eventTime: null,
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
  'Group.CallbackOnDailyGroupQuotaAlarm': {
    family: "Group",
    kind: "after",
    title: "When the daily quota of new groups runs low",
    subject: {"kind":"none","from":[]},
    accounts: [],
    eventTime: {"from":"/EventTime","unit":"milliseconds"},
    idempotency: null,
    carriesMessage: [],
    clientParameters: true,
  },
} as const satisfies Record<string, CommandFacts>;

export type Command = keyof typeof COMMANDS;

/** The commands whose reply decides. */
export type BeforeCommand = {
  [C in Command]: (typeof COMMANDS)[C]['kind'] extends 'before' ? C : never;
}[Command];

/** The facts of a command; undefined where the contract does not describe it. */
export function factsOf(command: string): CommandFacts | undefined {
  return Object.hasOwn(COMMANDS, command) ? COMMANDS[command as Command] : undefined;
}
