type Payload = Record<string, unknown> & { CallbackCommand: string };

const MINUTE = 60_000;
const member = (Member_Account: string) => ({ Member_Account });

/** The group in the screenshot of a group. */
export const SHOWN_GROUP = '@TGS#2HARBOUR5K';
/** The account in the screenshot of an account: an administrator of that group. */
export const SHOWN_ACCOUNT = 'jonas';
/** The group of the rejected callback. */
export const REJECTED_GROUP = '@TGS#2LATESHIFT';

/** Invented callbacks of an invented app, oldest first, as the vendor would have sent them before `now`. */
export function story(now: number): Payload[] {
  const ago = (minutes: number) => now - Math.round(minutes * MINUTE);
  const created = (minutes: number, GroupId: string, Type: string, Name: string, owner: string, more: object = {}) => ({
    CallbackCommand: 'Group.CallbackAfterCreateGroup',
    GroupId,
    Operator_Account: owner,
    Owner_Account: owner,
    Type,
    Name,
    MemberList: [member(owner)],
    UserDefinedDataList: [],
    EventTime: ago(minutes),
    ...more,
  });
  const event = (minutes: number, command: string, fields: object) => ({
    CallbackCommand: `Group.${command}`,
    GroupId: SHOWN_GROUP,
    Type: 'Public',
    EventTime: ago(minutes),
    ...fields,
  });
  const state = (minutes: number, Action: string, Reason: string, more: object = {}) => ({
    CallbackCommand: 'State.StateChange',
    EventTime: ago(minutes),
    Info: { Action, Reason, To_Account: SHOWN_ACCOUNT, ...more },
  });
  const pairs = (command: string, ...others: string[]) => ({
    CallbackCommand: `Sns.${command}`,
    PairList: others.map((To_Account) => ({ From_Account: SHOWN_ACCOUNT, To_Account })),
  });
  const crowd = (count: number) => Array.from({ length: count }, (_, index) => member(`guest_${1000 + index * 37}`));
  return [
    created(2_900, '@TGS#2OPENLIB22', 'Community', 'Open library', 'librarian', { MemberList: crowd(48) }),
    created(1_700, '@TGS#2RUNCLUB77', 'Public', 'Sunday running club', 'mira', { MemberList: crowd(23) }),
    created(1_450, '@TGS#2BOOKS1904', 'Private', '读书会', 'chen_yu', { MemberList: crowd(9) }),
    created(780, '@TGS#2GALLERY01', 'AVChatRoom', 'Gallery opening, live', 'studio_north', { MemberList: undefined }),
    created(190, SHOWN_GROUP, 'Public', 'Harbour festival crew', 'amelie', {
      Introduction: 'Everybody who builds, steers and feeds the harbour festival.\nShifts are in the pinned message.',
      Notification: 'Safety briefing on Friday at 18:00, pier 4.',
      MemberList: ['amelie', 'jonas', 'li_wei', 'sofia_r'].map(member),
      UserDefinedDataList: [
        { Key: 'season', Value: 'summer' },
        { Key: 'ticket_system', Value: 'HF-2291' },
      ],
    }),
    event(160, 'CallbackAfterNewMemberJoin', {
      JoinType: 'Invited',
      Operator_Account: 'amelie',
      NewMemberList: ['tomasz', 'yuki'].map(member),
    }),
    pairs('CallbackFriendAdd', 'amelie', 'li_wei', 'yuki'),
    pairs('CallbackBlackListAdd', 'ticket_tout_88'),
    state(130, 'Login', 'Register'),
    created(121, '@TGS#2TEAHOUSE8', 'Private', '深圳茶友会', 'wang_fang', { MemberList: crowd(14) }),
    event(118, 'CallbackAfterNewMemberJoin', {
      JoinType: 'Apply',
      Operator_Account: 'noor',
      NewMemberList: [member('noor')],
    }),
    event(92, 'CallbackAfterGroupInfoChanged', {
      Operator_Account: 'amelie',
      Notification: 'Safety briefing on Friday at 18:00, pier 4.',
    }),
    event(71, 'CallbackAfterMemberFieldChanged', {
      Operator_Account: 'amelie',
      Member_Account: 'jonas',
      Role: 'Admin',
    }),
    created(64, '@TGS#2STANDUP41', 'ChatRoom', 'Daily stand-up', 'priya', { MemberList: crowd(7) }),
    event(45, 'CallbackAfterSendMsg', {
      From_Account: 'jonas',
      Operator_Account: 'jonas',
      Random: 3_141_592_653,
      OnlineOnlyFlag: 0,
      MsgSeq: 41,
      MsgTime: Math.floor(ago(45) / 1000),
      MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'The stage is up. Who brings the lights?' } }],
    }),
    state(44, 'CustomStatusChange', 'SetCustomStatus', { CustomStatus: 'On the pier until six' }),
    created(38, '@TGS#2CHESS0064', 'Public', 'مجموعة الشطرنج', 'khalid', { MemberList: crowd(11) }),
    event(22, 'CallbackAfterMemberExit', {
      ExitType: 'Quit',
      Operator_Account: 'sofia_r',
      ExitMemberList: [member('sofia_r')],
    }),
    { ...created(17, REJECTED_GROUP, 'Public', 'Late shift', 'bruno'), Name: 404 },
    created(15, '@TGS#2LATESHIFT2', 'Public', 'Late shift', 'bruno', { MemberList: crowd(3) }),
    {
      CallbackCommand: 'Live.CallbackAfterCreateRoom',
      RoomInfo: { RoomId: 'open-mic', RoomName: 'Open mic' },
      EventTime: ago(12),
    },
    created(9, '@TGS#2PIANO0088', 'Private', 'Piano trio', 'clara', { MemberList: crowd(3) }),
    created(6, '@TGS#2REPAIRCAFE', 'Community', 'Repair café', 'otto', { MemberList: crowd(31) }),
    created(3, '@TGS#2GARDEN204', 'Public', 'Roof garden', 'ines', { MemberList: crowd(5) }),
    event(2, 'CallbackAfterNewMemberJoin', {
      JoinType: 'Invited',
      Operator_Account: 'jonas',
      NewMemberList: [member('marisol')],
    }),
    created(0.8, '@TGS#2NIGHTOWL9', 'AVChatRoom', 'Night owls radio', 'dj_orbit', { MemberList: undefined }),
    created(0.2, '@TGS#2FERRY0017', 'ChatRoom', 'Ferry timetable 2027', 'captain_b', { MemberList: crowd(6) }),
  ];
}

/** Invented figures of an hour with a short outage of PostgreSQL. */
export function busyHour(now: number) {
  const start = Math.floor(now / MINUTE) * MINUTE;
  const minutes = Array.from({ length: 60 }, (_, index) => {
    const wave = Math.sin(index / 7) + Math.sin(index / 2.3) / 3;
    const slow = index > 38 && index < 44;
    return {
      at: new Date(start - (59 - index) * MINUTE).toISOString(),
      accepted: Math.round(820 + 260 * wave),
      unknown: Math.round(70 + 22 * Math.cos(index / 5)),
      rejected: index > 20 && index < 27 ? 90 - 12 * Math.abs(index - 23) : 4,
      repeats: slow ? 130 : Math.round(16 + 9 * Math.cos(index / 3)),
      refused: index === 30 ? 40 : 1,
      decisions: { allowed: Math.round(310 + 90 * wave), refused: 6, changed: 2, fallback: slow ? 5 : 0 },
      medianSeconds: (2.1 + 0.5 * wave + (slow ? 2 : 0)) / 1000,
      p99Seconds: (9 + 2.4 * wave + (slow ? 21 : 0)) / 1000,
    };
  });
  const counts = (factor: number) =>
    Object.entries({ Public: 41, Work: 28, Meeting: 17, AVChatRoom: 12, Community: 5 }).map(([type, count]) => ({
      type,
      count: count * factor,
    }));
  return {
    since: new Date(now - 26 * 60 * MINUTE).toISOString(),
    groupsByType: { hour: counts(1), day: counts(19), week: counts(117) },
    minutes,
    spool: { depth: 0, oldestSeconds: 0, inUse: false },
  };
}

/** Two consumers: one runs, the other backs off because its own database is down. */
export function failedDeliveries(now: number) {
  const ago = (seconds: number) => new Date(now - 1_000 * seconds).toISOString();
  const consumer = { kind: 'handlers', place: '0-1043', lag: 0, lagCapped: false, oldest: null, detail: null };
  const delivery = { consumer: 'search-index', late: false, waiting: 0, moreWaiting: false };
  const refused = 'Error: connect ECONNREFUSED 10.0.0.7:9200';
  return {
    consumers: [
      { ...consumer, name: 'handlers', parked: 0, dead: 0, state: 'running', ranAt: ago(0) },
      {
        ...{ ...consumer, name: 'search-index', parked: 2, dead: 1, ranAt: ago(0), lag: 38, oldest: ago(71) },
        ...{ state: 'backing off', detail: `${refused}. The next delivery is tried in 8 s` },
      },
    ],
    deliveries: [
      {
        ...{ ...delivery, id: '0198c0de-7a3b-7cc4-9e5f-6d2b3a4c5e6f', callbackId: '21', status: 'parked', attempts: 2 },
        ...{ command: 'Group.CallbackAfterNewMemberJoin', subject: { kind: 'group', value: '@TGS#2REPAIRCAFE' } },
        ...{ error: refused, createdAt: ago(70), failedAt: ago(66), nextAttemptAt: ago(-24), waiting: 3 },
      },
      {
        ...{ ...delivery, id: '0198c0de-7a3b-7cc4-9e5f-6d2b3a4c5e70', callbackId: '20', status: 'parked', attempts: 1 },
        ...{ command: 'Group.CallbackAfterCreateGroup', subject: { kind: 'group', value: '@TGS#2GARDEN204' } },
        ...{ error: refused, createdAt: ago(71), failedAt: ago(71), nextAttemptAt: ago(-4) },
      },
      {
        ...{ ...delivery, id: '0198c0de-7a3b-7cc4-9e5f-6d2b3a4c5e71', callbackId: '9', status: 'dead', attempts: 5 },
        ...{ command: 'Group.CallbackAfterGroupInfoChanged', subject: { kind: 'group', value: '@TGS#2HARBOUR5K' } },
        ...{ error: 'TypeError: Cannot read properties of undefined (reading "name")', nextAttemptAt: null },
        ...{ createdAt: ago(3_900), failedAt: ago(3_540) },
      },
    ],
  };
}
