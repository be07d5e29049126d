// generated, run npm run generate

declare enum AnyOtherCommand {
    name = "any other command"
}
export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take an event
         * @description Sent to `DELIVERY_URL` for each stored callback of the commands that are delivered. Before-callbacks are delivered
         *     only where `DELIVERY_COMMANDS` names their command.
         *
         *     **What to answer.** Any 2xx, within 15 s, once the event is safe: what the endpoint has acknowledged is not sent
         *     again. 410 ends the delivery until an operator resumes it, and 429 and 503 with `Retry-After` delay it. Everything
         *     else counts as a failed attempt: other statuses, redirects, which are not followed, a time-out and a connection
         *     that fails. The body of an answer is not read.
         *
         *     **Retries.** A failed event is sent again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h. After the eighth failure it
         *     is a dead letter: kept, shown to operators, and sent again when one of them asks for it, with `late`. While an endpoint
         *     is down altogether, one event is tried now and then, and no attempts are counted.
         *
         *     **Order.** The events of one subject (`source`, `subjectkind` and `subject`) are sent one after the other, in the order
         *     in which their callbacks were stored; a later one waits until the earlier one is acknowledged or dead. Events of
         *     different subjects, and events without a subject, are sent side by side. Only an event with `late` comes after
         *     newer ones of its subject.
         *
         *     **Repeats.** Each event is delivered at least once. A repeat has the same `webhook-id`, which is the event's `id`:
         *     use it as an idempotency key. Timestamp and signature differ, and so may `attempt`.
         *
         *     **Unknown commands.** A callback that this contract does not describe is delivered as an `UnknownEvent`. Answer 2xx
         *     to events that your endpoint does not need.
         *
         *     **`data` is the callback's body as it was received**, byte for byte, without the content of messages where the receiver
         *     does not keep it (`KEEP_MESSAGES=false`). The vendor adds fields without notice. The schemas of the published
         *     document, `delivery.json`, take every form that the receiver accepts: `null` for an absent field, a string of
         *     digits where a number is described, no `CallbackCommand`, which is the event's `type`. Numbers may exceed 2^53.
         */
        post: operations["takeEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A delivered callback. `type` tells which one. */
        Event: components["schemas"]["KnownEvent"] | components["schemas"]["UnknownEvent"];
        /** @description A callback of a command that the contract describes. `type` is the command. */
        KnownEvent: components["schemas"]["Group.CallbackAfterCreateGroup"] | components["schemas"]["Group.CallbackBeforeCreateGroup"] | components["schemas"]["Group.CallbackBeforeApplyJoinGroup"] | components["schemas"]["Group.CallbackBeforeInviteJoinGroup"] | components["schemas"]["Group.CallbackAfterNewMemberJoin"] | components["schemas"]["Group.CallbackAfterMemberExit"] | components["schemas"]["Group.CallbackBeforeSendMsg"] | components["schemas"]["Group.CallbackAfterSendMsg"] | components["schemas"]["Group.CallbackAfterRecallMsg"] | components["schemas"]["Group.CallbackAfterReadReceipt"] | components["schemas"]["Group.CallbackAfterGroupMsgExtension"] | components["schemas"]["Group.CallbackSendMsgException"] | components["schemas"]["Group.CallbackAfterGroupInfoChanged"] | components["schemas"]["Group.CallbackAfterChangeGroupOwner"] | components["schemas"]["Group.CallbackAfterMemberFieldChanged"] | components["schemas"]["Group.CallbackAfterGroupAttrChanged"] | components["schemas"]["Group.CallbackAfterGroupFull"] | components["schemas"]["Group.CallbackAfterGroupDestroyed"] | components["schemas"]["Group.CallbackOnMemberStateChange"] | components["schemas"]["Group.CallbackBeforeCreateTopic"] | components["schemas"]["Group.CallbackAfterCreateTopic"] | components["schemas"]["Group.CallbackAfterTopicInfoChanged"] | components["schemas"]["Group.CallbackAfterTopicDestroyed"] | components["schemas"]["Group.CallbackOnDailyGroupQuotaAlarm"] | components["schemas"]["State.StateChange"] | components["schemas"]["Profile.CallbackPortraitSet"] | components["schemas"]["Sns.CallbackFriendAdd"] | components["schemas"]["Sns.CallbackFriendDelete"] | components["schemas"]["Sns.CallbackBlackListAdd"] | components["schemas"]["Sns.CallbackBlackListDelete"] | components["schemas"]["Follow.CallbackAfterFollowAdd"] | components["schemas"]["Follow.CallbackAfterFollowDelete"] | components["schemas"]["Alert.RequestOverLimit"] | components["schemas"]["C2C.CallbackAfterSendMsg"] | components["schemas"]["C2C.CallbackAfterMsgReport"] | components["schemas"]["C2C.CallbackAfterMsgWithDraw"] | components["schemas"]["C2C.CallbackAfterC2CMsgExtension"] | components["schemas"]["Bot.OnC2CMessage"] | components["schemas"]["Bot.OnGroupMessage"] | components["schemas"]["OfficialAccount.CallbackAfterCreateOfficialAccount"] | components["schemas"]["OfficialAccount.CallbackAfterOfficialAccountInfoChanged"] | components["schemas"]["OfficialAccount.CallbackAfterOfficialAccountDestroyed"] | components["schemas"]["OfficialAccount.CallbackAfterAddSubscriber"] | components["schemas"]["OfficialAccount.CallbackAfterDeleteSubscriber"] | components["schemas"]["OfficialAccount.CallbackAfterOfficialAccountFull"] | components["schemas"]["OfficialAccount.CallbackAfterSendMsg"] | components["schemas"]["OfficialAccount.CallbackAfterMsgWithDraw"] | components["schemas"]["C2C.CallbackBeforeSendMsg"] | components["schemas"]["Chatbot.OnC2CSignalMessage"] | components["schemas"]["OfficialAccount.CallbackBeforeAddSubscriber"] | components["schemas"]["OfficialAccount.CallbackBeforeCreateOfficialAccount"] | components["schemas"]["OfficialAccount.CallbackBeforeSendMsg"] | components["schemas"]["Sns.CallbackPrevFriendAdd"] | components["schemas"]["Sns.CallbackPrevFriendResponse"] | components["schemas"]["ContentCallback.ResultNotify"] | components["schemas"]["Push.AllMemberPush"] | components["schemas"]["Push.OfflinePush"];
        /**
         * Any other command
         * @description A callback of a command that the contract does not describe.
         */
        UnknownEvent: {
            /** @description The command, as the query of the callback names it. */
            type: AnyOtherCommand;
            /** @description The callback's body as received. Any JSON. */
            data: unknown;
        } & components["schemas"]["Attributes"];
        /**
         * @description What all events have besides `type` and `data`. The names of CloudEvents' extension attributes are lower-case letters
         *     without separators. More may be added.
         */
        Attributes: {
            /**
             * @description The version of CloudEvents.
             * @constant
             */
            specversion: "1.0";
            /**
             * @description Identifies the event: 8 hexadecimal digits of the database and the id of the stored callback; of an item of a
             *     batch, such as `Push.*`, also its index. A repeat has the same. Unique over all receivers, so that one endpoint
             *     can take the events of several.
             * @example 80c9839a-1043
             * @example 80c9839a-1043-0
             */
            id: string;
            /**
             * Format: uri-reference
             * @description `/tencent-chat/` and the app's SDKAppID.
             * @example /tencent-chat/1400000000
             */
            source: string;
            /**
             * @description What the event is about, and by what events are ordered: a group's id, or another subject that the contract
             *     names for the command (`subjectkind`). Absent where it names none.
             * @example @TGS#2J4SZEAEL
             */
            subject?: string;
            /**
             * Format: date-time
             * @description When it happened, by the vendor's clock; the time of arrival where the callback has none, or one that is implausible.
             *     Events of a subject are not ordered by it.
             * @example 2022-12-09T08:26:54.123Z
             */
            time: string;
            /**
             * @description The media type of `data`.
             * @constant
             */
            datacontenttype: "application/json";
            /**
             * @description What `subject` is: a `group`; an `account`; a `pair` of accounts, sorted, as a JSON array; an `official`
             *     account. Absent where there is no subject.
             * @enum {string}
             */
            subjectkind?: "group" | "account" | "pair" | "official";
            /**
             * Format: date-time
             * @description When the receiver got the callback.
             * @example 2022-12-09T08:26:54.298Z
             */
            receivedtime: string;
            /**
             * @description Address of the client whose action caused the callback, as the vendor sent it. Absent where it did not.
             * @example 203.0.113.7
             */
            clientip?: string;
            /**
             * @description Platform of that client, such as `iOS` or `RESTAPI`. An open set. Absent where the vendor did not send it.
             * @example iOS
             */
            platform?: string;
            /**
             * @description How the before-callback, or the one that asks for data, was answered. `drop`: the message is not sent, and its
             *     sender is not told. `replace`: the message is sent with another content. `answer`: the data was sent. Absent on
             *     all other callbacks.
             * @enum {string}
             */
            decision?: "allow" | "reject" | "drop" | "replace" | "answer";
            /**
             * Format: int32
             * @description Webhook only: 1 for the first attempt. Attempts that a restart of the receiver interrupts are not counted.
             * @example 1
             */
            attempt?: number;
            /**
             * @description The event comes after newer ones of its subject: a dead letter that is sent again, or a callback that an
             *     operator has sent by hand. Absent otherwise.
             * @constant
             */
            late?: true;
        };
        /** After a group is created */
        "Group.CallbackAfterCreateGroup": {
            /** @constant */
            type: "Group.CallbackAfterCreateGroup";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackAfterCreateGroup.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a group is created
         * @description A group was created, by a user in a client SDK or by the app's administrator through the
         *     [REST API](https://www.tencentcloud.com/document/product/1047/34895). The callback comes after the fact: the reply
         *     changes nothing in the chat. A community group's callback comes about 3 s late.
         *
         *     Vendor's page: [After a Group Is Created](https://www.tencentcloud.com/document/product/1047/34369).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that
         *     are not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterCreateGroup.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackAfterCreateGroup" | null;
            GroupId: components["schemas"]["GroupId"];
            Operator_Account: components["schemas"]["OperatorAccount"];
            /**
             * @description UserID of the group's owner. Absent when the REST API creates a group without an owner, although the vendor's
             *     table does not call it optional.
             * @example leckie
             */
            Owner_Account?: string | null;
            Type: components["schemas"]["GroupType"];
            /**
             * @description The group's name, in any script. May be empty. An older page of the vendor limits it to 30 bytes and newer ones
             *     allow more, so no length is enforced.
             * @example MyFirstGroup
             */
            Name: string;
            /** @description The group's introduction. Only on newer pages of the vendor; absent when none was given. */
            Introduction?: string | null;
            /** @description The group's announcement. Only on newer pages of the vendor; absent when none was given. */
            Notification?: string | null;
            /**
             * @description The initial members; the owner may be among them. Absent for `AVChatRoom`, and when a group starts empty: that
             *     means the same as an empty list. Up to 100 through the REST API, up to 500 through an SDK; not enforced.
             */
            MemberList?: components["schemas"]["MemberList"] | null;
            UserDefinedDataList?: components["schemas"]["CustomFields"] | null;
            /**
             * @description Who may invite others, for example `NeedPermission`. Undocumented, seen in traffic; its other values are not
             *     known.
             * @example NeedPermission
             */
            InviteOption?: string | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** Before a group is created */
        "Group.CallbackBeforeCreateGroup": {
            /** @constant */
            type: "Group.CallbackBeforeCreateGroup";
            data: components["schemas"]["Group.CallbackBeforeCreateGroup.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * Before a group is created
         * @description Somebody wants to create a group, in a client SDK or through the [REST
         *     API](https://www.tencentcloud.com/document/product/1047/34895). The group has no id yet.
         *
         *     The reply decides, see `Group.CallbackBeforeCreateGroup.Reply`. Without a valid reply in 2 s, the vendor goes on as if
         *     it were allowed, unless the console says otherwise.
         *
         *     Vendor's page: [Before a Group Is Created](https://www.tencentcloud.com/document/product/1047/34368).
         *
         *     The vendor does not repeat it. Fields that are not described here are taken and kept with the body as received.
         */
        "Group.CallbackBeforeCreateGroup.Data": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackBeforeCreateGroup" | null;
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            /**
             * @description UserID of the group's owner to be. Absent when the REST API creates a group without an owner.
             * @example leckie
             */
            Owner_Account?: string | null;
            Type?: components["schemas"]["GroupType"] | null;
            /**
             * @description The group's name, in any script. May be empty; no length is enforced.
             * @example MyFirstGroup
             */
            Name?: string | null;
            /**
             * @description How many groups of this type the owner has created. Gone from the vendor's page in 2025; on older ones also
             *     `CreatedNum`, which is kept as an undescribed field.
             *
             *     **Decided:** any shape is taken. Its namesake `CreatedGroupNum` is an object in traffic, and no count may stop a
             *     decision.
             * @example 123
             * @example {
             *       "Public": 5
             *     }
             */
            CreateGroupNum?: unknown;
            /**
             * @description The same by type of group, an object. Not on the vendor's page, seen in traffic in 2024. Any shape is taken.
             * @example {
             *       "Public": 5
             *     }
             */
            CreatedGroupNum?: unknown;
            /** @description The initial members. Absent means the same as an empty list. */
            MemberList?: components["schemas"]["MemberList"] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** Before a user applies to join a group */
        "Group.CallbackBeforeApplyJoinGroup": {
            /** @constant */
            type: "Group.CallbackBeforeApplyJoinGroup";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackBeforeApplyJoinGroup.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * Before a user applies to join a group
         * @description A user applies to join a group. Where an admin has to approve, that is still needed after the reply has allowed it.
         *
         *     The reply decides, see `Group.CallbackBeforeApplyJoinGroup.Reply`. Without a valid reply in 2 s, the vendor goes on as
         *     if it were allowed, unless the console says otherwise.
         *
         *     Vendor's page: [Before Applying to Join a Group](https://www.tencentcloud.com/document/product/1047/34370).
         *
         *     The vendor does not repeat it. Fields that are not described here are taken and kept with the body as received.
         */
        "Group.CallbackBeforeApplyJoinGroup.Data": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackBeforeApplyJoinGroup" | null;
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"] | null;
            /**
             * @description UserID of the user who applies.
             * @example jared
             */
            Requestor_Account?: string | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** Before users are invited to a group */
        "Group.CallbackBeforeInviteJoinGroup": {
            /** @constant */
            type: "Group.CallbackBeforeInviteJoinGroup";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackBeforeInviteJoinGroup.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * Before users are invited to a group
         * @description A member, or the app's administrator, adds users to a group. The reply may refuse all of them, or some by name.
         *
         *     The reply decides, see `Group.CallbackBeforeInviteJoinGroup.Reply`. Without a valid reply in 2 s, the vendor goes on
         *     as if it were allowed, unless the console says otherwise.
         *
         *     Vendor's page: [Before Inviting a User to a Group](https://www.tencentcloud.com/document/product/1047/34371).
         *
         *     The vendor does not repeat it. Fields that are not described here are taken and kept with the body as received.
         */
        "Group.CallbackBeforeInviteJoinGroup.Data": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackBeforeInviteJoinGroup" | null;
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"] | null;
            /**
             * @description UserID of the account that invites. For a REST call this is the app's administrator; `@TLS#NOT_FOUND` also occurs
             *     there.
             */
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            /** @description The users who are invited. Absent means the same as an empty list. */
            DestinationMembers?: components["schemas"]["MemberList"] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After members join a group */
        "Group.CallbackAfterNewMemberJoin": {
            /** @constant */
            type: "Group.CallbackAfterNewMemberJoin";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackAfterNewMemberJoin.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After members join a group
         * @description Users have become members of a group. The callback comes after the fact: the reply changes nothing in the chat.
         *
         *     It may arrive before the one that says that the group was created.
         *
         *     Vendor's page: [After a User Joins a Group](https://www.tencentcloud.com/document/product/1047/34372).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterNewMemberJoin.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackAfterNewMemberJoin" | null;
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"] | null;
            /**
             * @description How they came: `Apply`, they asked to join, or `Invited`, somebody added them. An open set: other values are
             *     taken.
             * @example Apply
             * @example Invited
             */
            JoinType?: string | null;
            /**
             * @description UserID of the account that asked for it: the user who joined, or who invited. For a REST call this is the app's
             *     administrator; `@TLS#NOT_FOUND` also occurs there.
             */
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            /** @description The members who joined. Absent means the same as an empty list. */
            NewMemberList?: components["schemas"]["MemberList"] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After members leave a group */
        "Group.CallbackAfterMemberExit": {
            /** @constant */
            type: "Group.CallbackAfterMemberExit";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackAfterMemberExit.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After members leave a group
         * @description Members have left a group, or were removed from it. The callback comes after the fact: the reply changes nothing in
         *     the chat.
         *
         *     Vendor's page: [After a User Leaves a Group](https://www.tencentcloud.com/document/product/1047/34373).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterMemberExit.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackAfterMemberExit" | null;
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"] | null;
            /**
             * @description How they went: `Quit`, by themselves, or `Kicked`, removed by somebody. An open set: other values are taken.
             * @example Kicked
             * @example Quit
             */
            ExitType?: string | null;
            /**
             * @description UserID of the account that asked for it: the member who left, or who removed others. For a REST call this is the
             *     app's administrator; `@TLS#NOT_FOUND` also occurs there.
             */
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            /** @description The members who are gone. Absent means the same as an empty list. */
            ExitMemberList?: components["schemas"]["MemberList"] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** Before a message is sent */
        "Group.CallbackBeforeSendMsg": {
            /** @constant */
            type: "Group.CallbackBeforeSendMsg";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackBeforeSendMsg.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * Before a message is sent
         * @description Somebody wants to send a message to a group, in a client SDK or through the [REST
         *     API](https://www.tencentcloud.com/document/product/1047/34959). The reply may let it pass, replace it, refuse it, or
         *     drop it without a word to the sender.
         *
         *     The reply decides, see `Group.CallbackBeforeSendMsg.Reply`. Without a valid reply in 2 s, the vendor goes on as if it
         *     were allowed, unless the console says otherwise.
         *
         *     Vendor's page: [Before Group Message Is Sent](https://www.tencentcloud.com/document/product/1047/34374).
         *
         *     The vendor does not repeat it. Fields that are not described here are taken and kept with the body as received.
         */
        "Group.CallbackBeforeSendMsg.Data": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackBeforeSendMsg" | null;
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"] | null;
            /**
             * @description UserID of the sender of the message.
             * @example jared
             */
            From_Account?: string | null;
            /**
             * @description UserID of the account that asked for the message to be sent: the sender, or the app's administrator who sends in
             *     the name of `From_Account`. `@TLS#NOT_FOUND` also occurs.
             */
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            Random?: components["schemas"]["MsgRandom"] | null;
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"] | null;
            MsgBody?: components["schemas"]["MsgBody"] | null;
            CloudCustomData?: components["schemas"]["CloudCustomData"] | null;
            /**
             * @description Id of the topic that the message belongs to. Only in community groups with topics; absent for a message to the
             *     group itself.
             */
            TopicId?: components["schemas"]["TopicId"] | null;
            MsgPriority?: components["schemas"]["MsgPriority"] | null;
            MsgId?: components["schemas"]["MsgId"] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After a message is sent */
        "Group.CallbackAfterSendMsg": {
            /** @constant */
            type: "Group.CallbackAfterSendMsg";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackAfterSendMsg.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a message is sent
         * @description A message was sent to a group. The callback comes after the fact: the reply changes nothing in the chat. A message
         *     that the chat drops because too many come at once has a callback before, and none after.
         *
         *     Vendor's page: [After Group Message Is Sent](https://www.tencentcloud.com/document/product/1047/34375).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterSendMsg.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackAfterSendMsg" | null;
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"] | null;
            /**
             * @description UserID of the sender of the message.
             * @example jared
             */
            From_Account?: string | null;
            /**
             * @description UserID of the account that asked for the message to be sent: the sender, or the app's administrator who sends in
             *     the name of `From_Account`. `@TLS#NOT_FOUND` also occurs.
             */
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            Random?: components["schemas"]["MsgRandom"] | null;
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"] | null;
            MsgBody?: components["schemas"]["MsgBody"] | null;
            CloudCustomData?: components["schemas"]["CloudCustomData"] | null;
            /**
             * @description Number of the message within the group, or within the topic: it names the message when it is recalled or read.
             * @example 123
             */
            MsgSeq?: number | string | null;
            /**
             * @description When the message was sent, in SECONDS since 1970-01-01T00:00:00Z, unlike `EventTime`.
             * @example 1490686222
             */
            MsgTime?: number | string | null;
            /**
             * @description Id of the topic that the message belongs to. Only in community groups with topics; absent for a message to the
             *     group itself.
             */
            TopicId?: components["schemas"]["TopicId"] | null;
            MsgPriority?: components["schemas"]["MsgPriority"] | null;
            MsgId?: components["schemas"]["MsgId"] | null;
            /** @description Whom the message mentions. Absent where it mentions nobody, and on the vendor's pages before 2025. */
            GroupAtInfo?: {
                /**
                 * @description 1 where it mentions all members, 0 where it mentions `GroupAt_Account`.
                 * @example 0
                 * @example 1
                 */
                GroupAtAllFlag?: number | string | boolean | null;
                /**
                 * @description UserID of the member who is mentioned. Absent where all are.
                 * @example otto
                 */
                GroupAt_Account?: string | null;
            }[] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After messages are recalled */
        "Group.CallbackAfterRecallMsg": {
            /** @constant */
            type: "Group.CallbackAfterRecallMsg";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackAfterRecallMsg.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After messages are recalled
         * @description Messages of a group were recalled, by who sent them, by an admin of the group or by the app's administrator. The
         *     callback comes after the fact: the reply changes nothing in the chat.
         *
         *     Vendor's page: [Callback After Recalling Group Messages](https://www.tencentcloud.com/document/product/1047/46979).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterRecallMsg.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackAfterRecallMsg" | null;
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"] | null;
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            /** @description The messages that were recalled, named by their numbers in the group, or in the topic. */
            MsgSeqList?: {
                /**
                 * @description The `MsgSeq` that the message had when it was sent.
                 * @example 130
                 */
                MsgSeq?: number | string | null;
            }[] | null;
            /**
             * @description Id of the topic that the message belongs to. Only in community groups with topics; absent for a message to the
             *     group itself.
             */
            TopicId?: components["schemas"]["TopicId"] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After messages are read */
        "Group.CallbackAfterReadReceipt": {
            /** @constant */
            type: "Group.CallbackAfterReadReceipt";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackAfterReadReceipt.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After messages are read
         * @description Members have confirmed that they read messages which ask for that. The callback comes after the fact: the reply
         *     changes nothing in the chat.
         *
         *     Vendor's page: [Callback After Read Receipt](https://www.tencentcloud.com/document/product/1047/60395).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterReadReceipt.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackAfterReadReceipt" | null;
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"] | null;
            /** @description The messages and who has read them. */
            GroupMsgReceiptList?: {
                /**
                 * @description The `MsgSeq` that the message had when it was sent.
                 * @example 1
                 */
                MsgSeq?: number | string | null;
                /**
                 * @description How many members have read it.
                 * @example 1
                 */
                ReadNum?: number | string | null;
                /**
                 * @description How many have not.
                 * @example 6
                 */
                UnreadNum?: number | string | null;
                /** @description The members who have read it now. Absent means the same as an empty list. */
                ReadReceiptMembers?: components["schemas"]["MemberList"] | null;
            }[] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After a message's extensions are changed */
        "Group.CallbackAfterGroupMsgExtension": {
            /** @constant */
            type: "Group.CallbackAfterGroupMsgExtension";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackAfterGroupMsgExtension.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a message's extensions are changed
         * @description Extensions of a group message, pairs of key and value that clients and the app keep with it, were changed by a client
         *     SDK or through the REST API. The callback comes after the fact: the reply changes nothing in the chat. It names neither
         *     who changed them nor the group's type.
         *
         *
         *     Vendor's page: [After a Group Message Extension Is Configured](https://www.tencentcloud.com/document/product/1047/76007).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterGroupMsgExtension.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackAfterGroupMsgExtension" | null;
            GroupId: components["schemas"]["GroupId"];
            /**
             * @description The `MsgSeq` that the message had when it was sent.
             * @example 12
             */
            MsgSeq?: number | string | null;
            /**
             * @description What was done:
             *
             *     - 1: extensions were set;
             *     - 2: extensions were deleted;
             *     - 3: all extensions were cleared.
             *
             *     An open set: other values are taken.
             * @example 1
             * @example 2
             * @example 3
             */
            OperateType: number | string;
            /**
             * @description The extensions that it is about. Absent or empty where all were cleared; absent, too, where the receiver keeps no
             *     content (`KEEP_MESSAGES=false`).
             */
            ExtensionList?: {
                /**
                 * @description Name of the extension.
                 * @example vote
                 */
                Key: string;
                /**
                 * @description Its value. Empty where it was deleted.
                 * @example yes
                 */
                Value?: string | null;
                /**
                 * @description Number of the last change of this extension. It grows with each change.
                 * @example 4
                 */
                Seq?: number | string | null;
            }[] | null;
            /**
             * @description Number of the last change of any extension of the message. It grows with each change.
             * @example 4
             */
            Seq?: number | string | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** When a message could not be sent */
        "Group.CallbackSendMsgException": {
            /** @constant */
            type: "Group.CallbackSendMsgException";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackSendMsgException.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * When a message could not be sent
         * @description A message could not be delivered: the group does not exist, the sender is muted, too many messages came at once, or a
         *     filter refused the content. The callback comes after the fact: the reply changes nothing in the chat.
         *
         *     Vendor's page: [Webhook for Exceptions When Group Messages Are
         *     Sent](https://www.tencentcloud.com/document/product/1047/49462).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackSendMsgException.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackSendMsgException" | null;
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"] | null;
            /**
             * @description UserID of the sender of the message.
             * @example jared
             */
            From_Account?: string | null;
            /**
             * @description UserID of the account that asked for the message to be sent: the sender, or the app's administrator who sends in
             *     the name of `From_Account`. `@TLS#NOT_FOUND` also occurs.
             */
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            Random?: components["schemas"]["MsgRandom"] | null;
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"] | null;
            MsgBody?: components["schemas"]["MsgBody"] | null;
            CloudCustomData?: components["schemas"]["CloudCustomData"] | null;
            MsgPriority?: components["schemas"]["MsgPriority"] | null;
            /**
             * @description Why it was not delivered, a code of the vendor, see [Error
             *     Codes](https://www.tencentcloud.com/document/product/1047/34348).
             * @example 10023
             */
            ErrorCode?: number | string | null;
            /**
             * @description The same in words.
             * @example msg count exceeds limit, please retry later
             */
            ErrorInfo?: string | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After a group's profile is changed */
        "Group.CallbackAfterGroupInfoChanged": {
            /** @constant */
            type: "Group.CallbackAfterGroupInfoChanged";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackAfterGroupInfoChanged.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a group's profile is changed
         * @description Name, introduction, announcement, picture or custom fields of a group were changed. The callback comes after the fact:
         *     the reply changes nothing in the chat. Changes of anything else in the profile cause no callback.
         *
         *     Vendor's page: [After a Group Profile Is Changed](https://www.tencentcloud.com/document/product/1047/34378).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterGroupInfoChanged.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackAfterGroupInfoChanged" | null;
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"] | null;
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            /**
             * @description The name, as it is now. Absent when it did not change; empty when it was removed.
             * @example NewName
             */
            Name?: string | null;
            /** @description The introduction, as it is now. Absent when it did not change; empty when it was removed. */
            Introduction?: string | null;
            /**
             * @description The announcement, as it is now. Absent when it did not change; empty when it was removed.
             * @example NewNotification
             */
            Notification?: string | null;
            /**
             * @description URL of the picture, as it is now. Absent when it did not change; empty when it was removed. Its form is not
             *     checked.
             * @example https://example.com/face.png
             */
            FaceUrl?: string | null;
            /**
             * @description The custom fields that changed, as they are now: a key that is missing here keeps its value. Absent when none
             *     changed. Callbacks about custom fields are switched on by a ticket to the vendor.
             */
            UserDefinedDataList?: components["schemas"]["CustomFields"] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After a group's owner is changed */
        "Group.CallbackAfterChangeGroupOwner": {
            /** @constant */
            type: "Group.CallbackAfterChangeGroupOwner";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackAfterChangeGroupOwner.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a group's owner is changed
         * @description A group has another owner. The callback comes after the fact: the reply changes nothing in the chat.
         *
         *     Vendor's page: [Callback After the Group Owner Is Changed](https://www.tencentcloud.com/document/product/1047/60396).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterChangeGroupOwner.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackAfterChangeGroupOwner" | null;
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"] | null;
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            /**
             * @description UserID of the owner until now. Absent or empty where there was none.
             * @example user1
             */
            OldOwner_Account?: string | null;
            /**
             * @description UserID of the owner from now on.
             * @example user2
             */
            NewOwner_Account: string;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After a member's profile is changed */
        "Group.CallbackAfterMemberFieldChanged": {
            /** @constant */
            type: "Group.CallbackAfterMemberFieldChanged";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackAfterMemberFieldChanged.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a member's profile is changed
         * @description Role or name card of a member were changed. The callback comes after the fact: the reply changes nothing in the chat.
         *
         *     **Decided:** the member is `Member_Account` on the vendor's page and `Modified_Account` by another source. Either is
         *     taken; where both come, `Member_Account` is believed unless it is empty. A callback with neither is taken, and changes nothing.
         *
         *     Vendor's page: [Callback After Group Member Profile
         *     Changes](https://www.tencentcloud.com/document/product/1047/60393).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterMemberFieldChanged.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackAfterMemberFieldChanged" | null;
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"] | null;
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            /**
             * @description UserID of the member whose profile was changed.
             * @example 123456
             */
            Member_Account?: string | null;
            /**
             * @description The same under another name.
             * @example 123456
             */
            Modified_Account?: string | null;
            /**
             * @description The role, as it is now: `Admin` or `Member`. Absent when it did not change. An open set: other values are taken.
             * @example Admin
             * @example Member
             */
            Role?: string | null;
            /**
             * @description The name that the member has in this group, as it is now. Absent when it did not change; empty when it was
             *     removed.
             * @example jacky
             */
            NameCard?: string | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After a group's attributes are changed */
        "Group.CallbackAfterGroupAttrChanged": {
            /** @constant */
            type: "Group.CallbackAfterGroupAttrChanged";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackAfterGroupAttrChanged.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a group's attributes are changed
         * @description Attributes of a group, pairs of key and value that the app keeps with it, were changed. The callback comes after the
         *     fact: the reply changes nothing in the chat.
         *
         *     Vendor's page: [Callback After Group Attribute Changed](https://www.tencentcloud.com/document/product/1047/60394).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterGroupAttrChanged.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackAfterGroupAttrChanged" | null;
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"] | null;
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            /**
             * @description What was done:
             *
             *     - `set`: these are the attributes now, all others are gone;
             *     - `modify`: these were added or changed, the others stay;
             *     - `delete`: these are gone, the others stay;
             *     - `clear`: all are gone.
             *
             *     An open set: other values are taken, and change nothing.
             * @example set
             * @example modify
             * @example delete
             * @example clear
             */
            OptionType: string;
            /**
             * @description The attributes that it is about. Absent or empty with `clear`. The names `key` and `value` are in lower case, unlike all
             *     others.
             */
            GroupAttr?: {
                /**
                 * @description Name of the attribute.
                 * @example key1
                 */
                key: string;
                /**
                 * @description Its value. Absent with `delete`.
                 * @example value1
                 */
                value?: string | null;
            }[] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After a group is full */
        "Group.CallbackAfterGroupFull": {
            /** @constant */
            type: "Group.CallbackAfterGroupFull";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackAfterGroupFull.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a group is full
         * @description A group has as many members as its type or its owner allows. The callback comes after the fact: the reply changes
         *     nothing in the chat. Nothing tells when there is room again but the members who leave.
         *
         *     Vendor's page: [After a Group Is Full](https://www.tencentcloud.com/document/product/1047/34376).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterGroupFull.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackAfterGroupFull" | null;
            GroupId: components["schemas"]["GroupId"];
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After a group is disbanded */
        "Group.CallbackAfterGroupDestroyed": {
            /** @constant */
            type: "Group.CallbackAfterGroupDestroyed";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackAfterGroupDestroyed.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a group is disbanded
         * @description A group was disbanded, by its owner or by the app's administrator. The callback comes after the fact: the reply
         *     changes nothing in the chat. A new group may be created under the same id.
         *
         *     Vendor's page: [After a Group Is Disbanded](https://www.tencentcloud.com/document/product/1047/34377).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterGroupDestroyed.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackAfterGroupDestroyed" | null;
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"] | null;
            /**
             * @description UserID of the owner that the group had. Absent where it had none.
             * @example leckie
             */
            Owner_Account?: string | null;
            /**
             * @description The name that the group had.
             * @example MyFirstGroup
             */
            Name?: string | null;
            /** @description The members that it had at the end. Never there for a `Community`; absent says nothing about how many there were. */
            MemberList?: components["schemas"]["MemberList"] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** When members go online or offline */
        "Group.CallbackOnMemberStateChange": {
            /** @constant */
            type: "Group.CallbackOnMemberStateChange";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackOnMemberStateChange.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * When members go online or offline
         * @description Members of an `AVChatRoom` lost their connection or have it again. The callback comes after the fact: the reply
         *     changes nothing in the chat. It says nothing about membership: who is offline is still a member.
         *
         *     Its URL has neither `ClientIP` nor `OptPlatform`.
         *
         *     Vendor's page: [Webhook for Online and Offline Status of Audio-Video Group
         *     Members](https://www.tencentcloud.com/document/product/1047/48734).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackOnMemberStateChange.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackOnMemberStateChange" | null;
            GroupId: components["schemas"]["GroupId"];
            /**
             * @description `Online` or `Offline`. An open set: other values are taken.
             * @example Online
             * @example Offline
             */
            EventType?: string | null;
            /**
             * @description Why: `HeartbeatInterrupt` and `HeartbeatRecover` for a connection that was lost and is back, `Join` for the first entry
             *     of a member, `Quit` for its last exit. Only on newer pages of the vendor; absent otherwise. An open set.
             * @example HeartbeatInterrupt
             * @example HeartbeatRecover
             * @example Join
             * @example Quit
             */
            EventCause?: string | null;
            /** @description The members whose state changed. Absent means the same as an empty list. */
            MemberList?: components["schemas"]["MemberList"] | null;
            /**
             * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z: an integer or a string of digits.
             *
             *     **Decided:** only the newest page of the vendor has it, and it was never seen in traffic. It is taken where it
             *     comes. Without it a repeat cannot be told from the next change, and both are kept.
             */
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** Before a topic is created */
        "Group.CallbackBeforeCreateTopic": {
            /** @constant */
            type: "Group.CallbackBeforeCreateTopic";
            data: components["schemas"]["Group.CallbackBeforeCreateTopic.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * Before a topic is created
         * @description Somebody wants to create a topic in a community group. The vendor does not say in which one, and sends no event time.
         *
         *     The reply decides, see `Group.CallbackBeforeCreateTopic.Reply`. Without a valid reply in 2 s, the vendor goes on as if
         *     it were allowed, unless the console says otherwise.
         *
         *     Vendor's page: [Before a Topic Is Created](https://www.tencentcloud.com/document/product/1047/49463).
         *
         *     The vendor does not repeat it. Fields that are not described here are taken and kept with the body as received.
         */
        "Group.CallbackBeforeCreateTopic.Data": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackBeforeCreateTopic" | null;
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            /** @description The type of the group: `Community`, the only one that has topics. An open set: other values are taken. */
            Type?: components["schemas"]["GroupType"] | null;
            /**
             * @description The name of the topic, in any script. No length is enforced.
             * @example MyFirstTopic
             */
            Name?: string | null;
        };
        /** After a topic is created */
        "Group.CallbackAfterCreateTopic": {
            /** @constant */
            type: "Group.CallbackAfterCreateTopic";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackAfterCreateTopic.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a topic is created
         * @description A topic was created in a community group. The callback comes after the fact: the reply changes nothing in the chat.
         *     The vendor sends no event time, so a repeat cannot be told from another event, and both are kept.
         *
         *     Vendor's page: [After a Topic Is Created](https://www.tencentcloud.com/document/product/1047/49464).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterCreateTopic.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackAfterCreateTopic" | null;
            GroupId: components["schemas"]["GroupId"];
            TopicId: components["schemas"]["TopicId"];
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            /**
             * @description UserID of the topic's owner.
             * @example leckie
             */
            Owner_Account?: string | null;
            /** @description The type of the group: `Community`, the only one that has topics. An open set: other values are taken. */
            Type?: components["schemas"]["GroupType"] | null;
            /**
             * @description The name of the topic, in any script. No length is enforced.
             * @example MyFirstTopic
             */
            Name?: string | null;
            UserDefinedDataList?: components["schemas"]["CustomFields"] | null;
        };
        /** After a topic's profile is changed */
        "Group.CallbackAfterTopicInfoChanged": {
            /** @constant */
            type: "Group.CallbackAfterTopicInfoChanged";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackAfterTopicInfoChanged.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a topic's profile is changed
         * @description Name, introduction, announcement or picture of a topic were changed. The callback comes after the fact: the reply
         *     changes nothing in the chat.
         *
         *     **Decided:** the vendor's page does not name the topic, only the group. A `TopicId` is taken where one comes; without
         *     one nobody can tell which topic was meant. The vendor sends no event time, so a repeat cannot be told from another
         *     event, and both are kept.
         *
         *     Vendor's page: [After a Topic Profile Is Changed](https://www.tencentcloud.com/document/product/1047/49466).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterTopicInfoChanged.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackAfterTopicInfoChanged" | null;
            GroupId: components["schemas"]["GroupId"];
            /** @description Id of the topic. Not on the vendor's page. */
            TopicId?: components["schemas"]["TopicId"] | null;
            /** @description The type of the group: `Community`, the only one that has topics. An open set: other values are taken. */
            Type?: components["schemas"]["GroupType"] | null;
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            /**
             * @description The name, as it is now. Absent when it did not change.
             * @example NewTopic
             */
            Name?: string | null;
            /** @description The introduction, as it is now. Absent when it did not change; empty when it was removed. */
            Introduction?: string | null;
            /** @description The announcement, as it is now. Absent when it did not change; empty when it was removed. */
            Notification?: string | null;
            /**
             * @description URL of the picture, as it is now. Absent when it did not change; empty when it was removed. Its form is not
             *     checked.
             * @example https://example.com/topic.png
             */
            FaceUrl?: string | null;
        };
        /** After topics are deleted */
        "Group.CallbackAfterTopicDestroyed": {
            /** @constant */
            type: "Group.CallbackAfterTopicDestroyed";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Group.CallbackAfterTopicDestroyed.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After topics are deleted
         * @description Topics of a community group were deleted. The callback comes after the fact: the reply changes nothing in the chat.
         *     The vendor sends no event time, so a repeat cannot be told from another event, and both are kept.
         *
         *     Vendor's page: [After a Topic Is Deleted](https://www.tencentcloud.com/document/product/1047/49465).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterTopicDestroyed.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackAfterTopicDestroyed" | null;
            GroupId: components["schemas"]["GroupId"];
            /** @description The type of the group: `Community`, the only one that has topics. An open set: other values are taken. */
            Type?: components["schemas"]["GroupType"] | null;
            /**
             * @description The topics that are gone.
             *
             *     **Decided:** the vendor's table calls it a string, its sample is a list of strings. The sample is believed.
             */
            TopicIdList: components["schemas"]["TopicId"][];
        };
        /** When the daily quota of new groups runs low */
        "Group.CallbackOnDailyGroupQuotaAlarm": {
            /** @constant */
            type: "Group.CallbackOnDailyGroupQuotaAlarm";
            data: components["schemas"]["Group.CallbackOnDailyGroupQuotaAlarm.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * When the daily quota of new groups runs low
         * @description More than 70 % of the groups that the app may gain in a day, created less disbanded, are used up. The callback comes
         *     after the fact, at the creation of a group: the reply changes nothing in the chat. It is about the app, not about a
         *     group, and has no `GroupId`.
         *
         *     Vendor's page: [Callback for the Daily Net Increase of
         *     Groups](https://www.tencentcloud.com/document/product/1047/57455).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackOnDailyGroupQuotaAlarm.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Group.CallbackOnDailyGroupQuotaAlarm" | null;
            /**
             * @description How many groups the app has gained today.
             * @example 7321
             */
            QuotaUsed?: number | string | null;
            /**
             * @description How many it may gain in a day.
             * @example 10000
             */
            Quota?: number | string | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** When a user's connection changes */
        "State.StateChange": {
            /** @constant */
            type: "State.StateChange";
            /** @constant */
            subjectkind?: "account";
            data: components["schemas"]["State.StateChange.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * When a user's connection changes
         * @description A client of a user connected, logged out or lost its connection, or the user set a status text. The callback comes
         *     after the fact: the reply changes nothing in the chat. The REST API causes none.
         *
         *     A lost connection is noticed late: up to 400 s after the network of a native client is gone, 60 s in a browser, 5 to 60
         *     s in a mini program. States therefore arrive late and out of order. A user with several clients has a callback for each
         *     of them.
         *
         *     Besides the tick in the vendor's console, the query and the notification of user states must be switched on there.
         *
         *     Vendor's page: [Status Change Webhooks](https://www.tencentcloud.com/document/product/1047/34357).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "State.StateChange.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "State.StateChange" | null;
            /** @description Whose connection changed, and how. */
            Info: {
                /**
                 * @description What happened:
                 *
                 *     - `Login`: a client connected, also after a lost connection;
                 *     - `Logout`: a client logged out;
                 *     - `Disconnect`: the connection was lost;
                 *     - `CustomStatusChange`: the user set a status text, see `CustomStatus`.
                 *
                 *     **Decided:** before `Disconnect` existed, `Logout` said that the connection was lost, too: the `Reason` is then
                 *     `LinkClose` or `TimeOut`. The value is handed on as sent. An open set: other values are taken.
                 * @example Login
                 * @example Logout
                 * @example Disconnect
                 * @example CustomStatusChange
                 */
                Action: string;
                /**
                 * @description UserID of the user.
                 * @example mina
                 */
                To_Account: string;
                /**
                 * @description Why:
                 *
                 *     - `Register` with `Login`: the client connected;
                 *     - `Unregister` with `Logout`: the client logged out;
                 *     - `LinkClose` with `Disconnect`: the connection was closed;
                 *     - `TimeOut` with `Disconnect`: no heartbeat came for 400 s;
                 *     - `SetCustomStatus` with `CustomStatusChange`.
                 *
                 *     An open set: other values are taken.
                 * @example Register
                 * @example Unregister
                 * @example LinkClose
                 * @example TimeOut
                 * @example SetCustomStatus
                 */
                Reason?: string | null;
                /**
                 * @description The status text that the user set. Absent unless `Action` is `CustomStatusChange`.
                 *
                 *     **Decided:** no sample of the vendor shows it, and its table can be read as either place: it is taken here and
                 *     beside `Info`.
                 * @example on holiday
                 */
                CustomStatus?: string | null;
            };
            /**
             * @description The same as `Info.CustomStatus`, in the other place where it may stand. Absent otherwise.
             * @example on holiday
             */
            CustomStatus?: string | null;
            /**
             * @description The other clients of the user that this login has logged out. Absent unless there are any: that means the same as an
             *     empty list. With native clients before 5.6.1200 and web clients before 2.14.0, a callback of its own with `Logout`
             *     says so instead.
             */
            KickedDevice?: {
                /**
                 * @description Platform of the client: `iOS`, `Android`, `Web`, `Windows`, `iPad`, `Mac` or `Linux`. An open set.
                 * @example Android
                 */
                Platform?: string | null;
            }[] | null;
            /**
             * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z: an integer or a string of digits.
             *
             *     **Decided:** documented since 2021, and absent from all traffic that is known. Without it the moment of arrival stands
             *     in, and a repeat cannot be told from the next change: both are kept.
             */
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After a user's profile is changed */
        "Profile.CallbackPortraitSet": {
            /** @constant */
            type: "Profile.CallbackPortraitSet";
            /** @constant */
            subjectkind?: "account";
            data: components["schemas"]["Profile.CallbackPortraitSet.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a user's profile is changed
         * @description Fields of a user's profile were set, by the user in a client SDK or by the app's administrator through the REST API. The
         *     callback comes after the fact: the reply changes nothing in the chat.
         *
         *     Besides the tick in the vendor's console, the subscription of profile changes must be switched on there.
         *
         *
         *     Vendor's page: [After a Profile Is Updated](https://www.tencentcloud.com/document/product/1047/48733).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Profile.CallbackPortraitSet.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Profile.CallbackPortraitSet" | null;
            /** @description UserID of the account that asked for the change, the user itself or the app's administrator. */
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            /**
             * @description UserID of the user whose profile was changed.
             * @example mina
             */
            From_Account: string;
            /** @description The fields that were set, and no others. Absent means the same as an empty list. */
            ProfileItem?: {
                /**
                 * @description Name of the field: `Tag_Profile_IM_` and a name for those of the chat, such as `Tag_Profile_IM_Nick`, and
                 *     `Tag_Profile_Custom_` and a name for those that the app has defined. An open set.
                 * @example Tag_Profile_IM_Nick
                 */
                Tag: string;
                /**
                 * @description The value, as it is now: text, or a number of 32 bits without a sign, so up to 4,294,967,295. Which of the two
                 *     it is depends on `Tag`: a birthday is a number, a nickname is text.
                 *
                 *     **Decided:** the value is handed on as sent. Text that consists of digits stays text, unlike everywhere else,
                 *     because a nickname may be made of them. Absent where the receiver keeps no content (`KEEP_MESSAGES=false`).
                 * @example Mina
                 * @example 20010228
                 */
                Value?: string | number | null;
            }[] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After friends are added */
        "Sns.CallbackFriendAdd": {
            /** @constant */
            type: "Sns.CallbackFriendAdd";
            /** @constant */
            subjectkind?: "account";
            data: components["schemas"]["Sns.CallbackFriendAdd.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After friends are added
         * @description Users became friends: one added the other without being asked for consent, a request was accepted, or friends were
         *     added by the app's administrator, also by force. The callback comes after the fact: the reply changes nothing in the
         *     chat. An import of friends through the REST API causes none.
         *
         *     **Decided:** the vendor documents no event time, and none was seen in traffic. The moment of arrival stands in, and a
         *     repeat cannot be told from another event: both are kept. An `EventTime` is used where one comes.
         *
         *
         *     Vendor's page: [After a Friend Is Added](https://www.tencentcloud.com/document/product/1047/34359).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Sns.CallbackFriendAdd.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Sns.CallbackFriendAdd" | null;
            /**
             * @description The friendships that were added. Each is one direction: `To_Account` is now on the friend list of `From_Account`. Where
             *     both have each other, there are two mirrored pairs.
             */
            PairList: {
                /**
                 * @description UserID of the user whose friend list gained an entry.
                 * @example mina
                 */
                From_Account: string;
                /**
                 * @description UserID of the friend.
                 * @example otto
                 */
                To_Account: string;
                /**
                 * @description UserID of the user who asked for the friendship.
                 * @example mina
                 */
                Initiator_Account?: string | null;
            }[];
            /**
             * @description What the client asked for: `friend_add` or `FriendAdd` for adding, `friend_response` or `FriendResponse` for accepting a
             *     request. Both spellings occur. An open set: other values are taken.
             * @example friend_add
             * @example FriendAdd
             * @example friend_response
             * @example FriendResponse
             */
            ClientCmd?: string | null;
            /**
             * @description UserID of the app's administrator who asked for it through the REST API. Empty where a client did.
             * @example
             * @example administrator
             */
            Admin_Account?: string | null;
            /**
             * @description 1 where the friendship was added by force, without asking the friend, otherwise 0. Absent means 0.
             * @example 0
             * @example 1
             */
            ForceFlag?: number | string | boolean | null;
        };
        /** After friends are removed */
        "Sns.CallbackFriendDelete": {
            /** @constant */
            type: "Sns.CallbackFriendDelete";
            /** @constant */
            subjectkind?: "account";
            data: components["schemas"]["Sns.CallbackFriendDelete.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After friends are removed
         * @description Friendships ended, by a user in a client SDK or by the app's administrator through the REST API. The callback comes after
         *     the fact: the reply changes nothing in the chat.
         *
         *     **Decided:** the vendor documents no event time, and none was seen in traffic. The moment of arrival stands in, and a
         *     repeat cannot be told from another event: both are kept. An `EventTime` is used where one comes.
         *
         *
         *     Vendor's page: [After a Friend Is Deleted](https://www.tencentcloud.com/document/product/1047/34360).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Sns.CallbackFriendDelete.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Sns.CallbackFriendDelete" | null;
            /**
             * @description The friendships that ended. Each is one direction: `To_Account` is no longer on the friend list of `From_Account`. A
             *     removal from both lists is one callback with two mirrored pairs.
             */
            PairList: {
                /**
                 * @description UserID of the user whose friend list lost an entry.
                 * @example mina
                 */
                From_Account: string;
                /**
                 * @description UserID of the former friend.
                 * @example otto
                 */
                To_Account: string;
            }[];
        };
        /** After users are blocked */
        "Sns.CallbackBlackListAdd": {
            /** @constant */
            type: "Sns.CallbackBlackListAdd";
            /** @constant */
            subjectkind?: "account";
            data: components["schemas"]["Sns.CallbackBlackListAdd.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After users are blocked
         * @description Users were put on a blocklist, by its owner in a client SDK or by the app's administrator through the REST API. The
         *     callback comes after the fact: the reply changes nothing in the chat.
         *
         *     **Decided:** the vendor documents no event time, and none was seen in traffic. The moment of arrival stands in, and a
         *     repeat cannot be told from another event: both are kept. An `EventTime` is used where one comes.
         *
         *
         *     Vendor's page: [After a User Is Added to Blocklist](https://www.tencentcloud.com/document/product/1047/34361).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Sns.CallbackBlackListAdd.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Sns.CallbackBlackListAdd" | null;
            /** @description The entries that were added: `To_Account` is now on the blocklist of `From_Account`. */
            PairList: {
                /**
                 * @description UserID of the owner of the blocklist.
                 * @example mina
                 */
                From_Account: string;
                /**
                 * @description UserID of the user who is blocked.
                 * @example otto
                 */
                To_Account: string;
            }[];
        };
        /** After users are unblocked */
        "Sns.CallbackBlackListDelete": {
            /** @constant */
            type: "Sns.CallbackBlackListDelete";
            /** @constant */
            subjectkind?: "account";
            data: components["schemas"]["Sns.CallbackBlackListDelete.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After users are unblocked
         * @description Users were taken off a blocklist, by its owner in a client SDK or by the app's administrator through the REST API. The
         *     callback comes after the fact: the reply changes nothing in the chat.
         *
         *     **Decided:** the vendor documents no event time, and none was seen in traffic. The moment of arrival stands in, and a
         *     repeat cannot be told from another event: both are kept. An `EventTime` is used where one comes.
         *
         *
         *     Vendor's page: [After a User Is Removed from Blocklist](https://www.tencentcloud.com/document/product/1047/34362).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Sns.CallbackBlackListDelete.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Sns.CallbackBlackListDelete" | null;
            /** @description The entries that were removed: `To_Account` is no longer on the blocklist of `From_Account`. */
            PairList: {
                /**
                 * @description UserID of the owner of the blocklist.
                 * @example mina
                 */
                From_Account: string;
                /**
                 * @description UserID of the user who is no longer blocked.
                 * @example otto
                 */
                To_Account: string;
            }[];
        };
        /** After a user follows others */
        "Follow.CallbackAfterFollowAdd": {
            /** @constant */
            type: "Follow.CallbackAfterFollowAdd";
            /** @constant */
            subjectkind?: "account";
            data: components["schemas"]["Follow.CallbackAfterFollowAdd.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a user follows others
         * @description A user follows other users, by a client SDK or through the REST API. The callback comes after the fact: the reply
         *     changes nothing in the chat.
         *
         *
         *     Vendor's page: [After a User Is Followed](https://www.tencentcloud.com/document/product/1047/70355).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Follow.CallbackAfterFollowAdd.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Follow.CallbackAfterFollowAdd" | null;
            /**
             * @description UserID of the user who follows.
             * @example mina
             */
            From_Account: string;
            /** @description The users who are followed now. Absent means the same as an empty list. */
            FollowList?: {
                /**
                 * @description UserID of the user who is followed.
                 * @example otto
                 */
                To_Account: string;
            }[] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After a user unfollows others */
        "Follow.CallbackAfterFollowDelete": {
            /** @constant */
            type: "Follow.CallbackAfterFollowDelete";
            /** @constant */
            subjectkind?: "account";
            data: components["schemas"]["Follow.CallbackAfterFollowDelete.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a user unfollows others
         * @description A user no longer follows other users, by a client SDK or through the REST API. The callback comes after the fact: the
         *     reply changes nothing in the chat.
         *
         *
         *     Vendor's page: [After a User Is Unfollowed](https://www.tencentcloud.com/document/product/1047/70356).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Follow.CallbackAfterFollowDelete.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Follow.CallbackAfterFollowDelete" | null;
            /**
             * @description UserID of the user who followed.
             * @example mina
             */
            From_Account: string;
            /**
             * @description The users who are no longer followed. Absent means the same as an empty list.
             *
             *     **Decided:** the vendor's table says a list of objects, its sample has a list of UserIDs. Both are taken, and handed on
             *     as sent. It is not named `FollowList`, as it is where following begins.
             * @example [
             *       "otto",
             *       "pia"
             *     ]
             * @example [
             *       {
             *         "To_Account": "otto"
             *       }
             *     ]
             */
            To_Account?: (string | {
                /**
                 * @description UserID of the user who is no longer followed.
                 * @example otto
                 */
                To_Account: string;
            })[] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** When a limit of the REST API is near */
        "Alert.RequestOverLimit": {
            /** @constant */
            type: "Alert.RequestOverLimit";
            data: components["schemas"]["Alert.RequestOverLimit.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * When a limit of the REST API is near
         * @description The app's backend calls an endpoint of the vendor's REST API at more than 80 % of what it may. The callback comes after
         *     the fact: the reply changes nothing in the chat. It is about the app, not about a user or a group.
         *
         *     It is sent as soon as a callback URL is set: the vendor's console has no tick for it. Its URL has no `ClientIP`.
         *
         *     **Decided:** the vendor documents no event time, and none was seen in traffic. The moment of arrival stands in, and a
         *     repeat cannot be told from another event: both are kept. An `EventTime` is used where one comes.
         *
         *
         *     Vendor's page: [API Overclocking Alarm Callbacks](https://www.tencentcloud.com/document/product/1047/60256).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Alert.RequestOverLimit.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Alert.RequestOverLimit" | null;
            /**
             * @description The service, the first of the two parts of the endpoint's path.
             * @example openim
             */
            ServiceName?: string | null;
            /**
             * @description The command of the service, the second part of the path. Not the `CallbackCommand`.
             * @example batchsendmsg
             */
            Command?: string | null;
            /**
             * @description How many calls a second there are. It may be above `Limit`, as in the vendor's own sample: the calls beyond are then
             *     refused by the vendor.
             * @example 170
             */
            Request?: number | string | null;
            /**
             * @description How many calls a second there may be.
             * @example 200
             */
            Limit?: number | string | null;
        };
        /** After a one-to-one message is sent */
        "C2C.CallbackAfterSendMsg": {
            /** @constant */
            type: "C2C.CallbackAfterSendMsg";
            /** @constant */
            subjectkind?: "pair";
            data: components["schemas"]["C2C.CallbackAfterSendMsg.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a one-to-one message is sent
         * @description A user sent a message to another one, in a client SDK or through the REST API. The callback comes after the fact: the
         *     reply changes nothing in the chat. It also comes when the message could not be delivered: `SendMsgResult` tells.
         *
         *     There is no such callback for a message that was refused by the reply to the callback before; a message that this
         *     reply replaced comes as it was delivered. The REST API can suppress the callback before a message, this one, or both,
         *     so that neither proves anything about the other. For a message to a chatbot, `Bot.OnC2CMessage` may come as well, with
         *     the same `MsgKey`.
         *
         *     Vendor's page: [After a One-to-One Message Is Sent](https://www.tencentcloud.com/document/product/1047/34365).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "C2C.CallbackAfterSendMsg.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "C2C.CallbackAfterSendMsg" | null;
            /**
             * @description UserID of the sender.
             * @example mina
             */
            From_Account: string;
            /**
             * @description UserID of the receiver.
             * @example otto
             */
            To_Account: string;
            MsgSeq?: components["schemas"]["C2CMsgSeq"] | null;
            MsgRandom?: components["schemas"]["MsgRandom"] | null;
            /**
             * @description When the message was sent, in SECONDS since 1970-01-01T00:00:00Z, unlike `EventTime`. Messages of a conversation
             *     are in the order of `MsgTime`, those of one second in that of `MsgSeq`.
             */
            MsgTime?: components["schemas"]["MsgTime"] | null;
            MsgKey?: components["schemas"]["MsgKey"] | null;
            /**
             * @description Id of the message at the client that sent it: `<digits>-<seconds>-<digits>`. Its form is not checked. Only the
             *     vendor's mainland pages have it; absent otherwise.
             */
            MsgId?: components["schemas"]["MsgId"] | null;
            /**
             * @description 1 where the message goes to the receiver only while online and is not kept by the chat, otherwise 0. Absent means
             *     0.
             */
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"] | null;
            SendMsgResult?: components["schemas"]["SendMsgResult"] | null;
            ErrorInfo?: components["schemas"]["SendErrorInfo"] | null;
            /**
             * @description How many one-to-one messages of all conversations the receiver has not read; -1 where the message was not
             *     delivered.
             *
             *     **Decided:** optional. The vendor's international page has it; the mainland's sample no longer does.
             */
            UnreadMsgNum?: components["schemas"]["UnreadMsgNum"] | null;
            MsgBody?: components["schemas"]["MsgBody"] | null;
            CloudCustomData?: components["schemas"]["CloudCustomData"] | null;
            SyncOtherMachine?: components["schemas"]["SyncOtherMachine"] | null;
            SupportMessageExtension?: components["schemas"]["SupportMessageExtension"] | null;
            /**
             * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z.
             *
             *     **Decided:** the vendor's mainland page has the field, its international page has not, so it is optional. Without
             *     it the moment of arrival stands in, and an equal body is a repeat if it has `MsgKey`.
             */
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After a one-to-one conversation is read */
        "C2C.CallbackAfterMsgReport": {
            /** @constant */
            type: "C2C.CallbackAfterMsgReport";
            /** @constant */
            subjectkind?: "pair";
            data: components["schemas"]["C2C.CallbackAfterMsgReport.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a one-to-one conversation is read
         * @description A user marked a conversation with another user as read, in a client SDK or through the REST API. The callback comes
         *     after the fact: the reply changes nothing in the chat.
         *
         *     The messages themselves are not named: whatever was sent until `LastReadTime` is read.
         *
         *     Vendor's page: [After a One-to-One message Is Marked as
         *     Read](https://www.tencentcloud.com/document/product/1047/43465).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "C2C.CallbackAfterMsgReport.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "C2C.CallbackAfterMsgReport" | null;
            /**
             * @description UserID of the account that read the conversation.
             * @example otto
             */
            Report_Account: string;
            /**
             * @description UserID of the other side of the conversation.
             * @example mina
             */
            Peer_Account: string;
            /**
             * Format: int64
             * @description Messages until then are read. In SECONDS since 1970-01-01T00:00:00Z, unlike `EventTime`.
             * @example 1767254460
             */
            LastReadTime?: number | string | null;
            /**
             * @description How many one-to-one messages of all conversations `Report_Account` has not read.
             *
             *     **Decided:** optional. The vendor's international page has it; the mainland's sample no longer does.
             */
            UnreadMsgNum?: components["schemas"]["UnreadMsgNum"] | null;
            /**
             * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z.
             *
             *     **Decided:** the vendor's mainland page has the field, its international page has not, so it is optional. Without
             *     it the moment of arrival stands in, and an equal body is a repeat if it has `LastReadTime`: it says nothing that
             *     the first did not say.
             */
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After a one-to-one message is recalled */
        "C2C.CallbackAfterMsgWithDraw": {
            /** @constant */
            type: "C2C.CallbackAfterMsgWithDraw";
            /** @constant */
            subjectkind?: "pair";
            data: components["schemas"]["C2C.CallbackAfterMsgWithDraw.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After a one-to-one message is recalled
         * @description A message from one user to another was recalled, by its sender in a client SDK or through the REST API. The callback
         *     comes after the fact: the reply changes nothing in the chat.
         *
         *     Vendor's page: [After A One-to-One Message Is Recalled](https://www.tencentcloud.com/document/product/1047/43466).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "C2C.CallbackAfterMsgWithDraw.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "C2C.CallbackAfterMsgWithDraw" | null;
            /**
             * @description UserID of the sender of the message.
             * @example mina
             */
            From_Account: string;
            /**
             * @description UserID of the receiver of the message.
             * @example otto
             */
            To_Account: string;
            /** @description The `MsgKey` that the message had when it was sent. Opaque: compare it, do not take it apart. */
            MsgKey?: components["schemas"]["MsgKey"] | null;
            /**
             * @description How many one-to-one messages of all conversations the receiver has not read.
             *
             *     **Decided:** optional. The vendor's international page has it, the mainland's has not.
             */
            UnreadMsgNum?: components["schemas"]["UnreadMsgNum"] | null;
            /**
             * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z.
             *
             *     **Decided:** the vendor's mainland page has the field, its international page has not, so it is optional. Without
             *     it the moment of arrival stands in, and an equal body is a repeat if it has `MsgKey`.
             */
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After the extension of a one-to-one message is changed */
        "C2C.CallbackAfterC2CMsgExtension": {
            /** @constant */
            type: "C2C.CallbackAfterC2CMsgExtension";
            /** @constant */
            subjectkind?: "pair";
            data: components["schemas"]["C2C.CallbackAfterC2CMsgExtension.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After the extension of a one-to-one message is changed
         * @description The key-value pairs that are attached to a one-to-one message, its extension, were changed in a client SDK or through
         *     the REST API. The callback comes after the fact: the reply changes nothing in the chat.
         *
         *     The parameter table of the vendor's page calls the query parameter `SDKAppID`; its sample URL has `SdkAppid`, as all
         *     others.
         *
         *     Vendor's page: [After a One-to-One Message Extension Is
         *     Configured](https://www.tencentcloud.com/document/product/1047/76006).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "C2C.CallbackAfterC2CMsgExtension.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "C2C.CallbackAfterC2CMsgExtension" | null;
            /**
             * @description UserID of the sender of the message.
             * @example mina
             */
            From_Account: string;
            /**
             * @description UserID of the receiver of the message.
             * @example otto
             */
            To_Account: string;
            /** @description The `MsgKey` that the message had when it was sent. Opaque: compare it, do not take it apart. */
            MsgKey?: components["schemas"]["MsgKey"] | null;
            /**
             * @description What was done: 1, pairs were set; 2, pairs were removed; 3, all pairs were removed. An open set: other values are
             *     taken.
             * @example 1
             * @example 2
             * @example 3
             */
            OperateType?: number | string | null;
            /** @description The pairs that changed, as they are now. Empty where all were removed. Absent and empty mean the same. */
            ExtensionList?: {
                /**
                 * @description Name of the pair, unique for the message.
                 * @example vote
                 */
                Key?: string | null;
                /**
                 * @description The value, as it is now. Empty where the pair was removed.
                 * @example yes
                 */
                Value?: string | null;
                /**
                 * Format: int64
                 * @description Number of the last change of this pair. The higher one is newer.
                 * @example 4
                 */
                Seq?: number | string | null;
            }[] | null;
            /**
             * Format: int64
             * @description Number of the last change of the extension as a whole. The higher one is newer.
             * @example 4
             */
            Seq?: number | string | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** When a chatbot is sent a message */
        "Bot.OnC2CMessage": {
            /** @constant */
            type: "Bot.OnC2CMessage";
            /** @constant */
            subjectkind?: "pair";
            data: components["schemas"]["Bot.OnC2CMessage.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * When a chatbot is sent a message
         * @description A user sent a message to a chatbot, and it was delivered. The callback comes after the fact: the reply changes nothing
         *     in the chat. The chatbot answers through the REST API.
         *
         *     If it is enabled, `C2C.CallbackAfterSendMsg` comes for the same message, with the same `MsgKey`: two callbacks of two
         *     commands, in either order.
         *
         *     Vendor's page: [Callback After Sending a One-to-One Message to a
         *     Chatbot](https://www.tencentcloud.com/document/product/1047/68952).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Bot.OnC2CMessage.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Bot.OnC2CMessage" | null;
            /**
             * @description UserID of the sender.
             * @example mina
             */
            From_Account: string;
            /**
             * @description UserID of the chatbot: `@RBT#` and a suffix. Its form is not checked.
             * @example @RBT#001
             */
            To_Account: string;
            MsgSeq?: components["schemas"]["C2CMsgSeq"] | null;
            MsgRandom?: components["schemas"]["MsgRandom"] | null;
            /**
             * @description When the message was sent, in SECONDS since 1970-01-01T00:00:00Z, unlike `EventTime`. Messages of a conversation
             *     are in the order of `MsgTime`, those of one second in that of `MsgSeq`.
             */
            MsgTime?: components["schemas"]["MsgTime"] | null;
            MsgKey?: components["schemas"]["MsgKey"] | null;
            /**
             * @description Id of the message at the client that sent it: `<digits>-<seconds>-<digits>`. Its form is not checked. Only the
             *     vendor's mainland pages have it; absent otherwise.
             */
            MsgId?: components["schemas"]["MsgId"] | null;
            /** @description 1 where the message is not kept by the chat, otherwise 0. Absent means 0. */
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"] | null;
            SendMsgResult?: components["schemas"]["SendMsgResult"] | null;
            ErrorInfo?: components["schemas"]["SendErrorInfo"] | null;
            /**
             * @description How many one-to-one messages of all conversations the receiver has not read.
             *
             *     **Decided:** optional, as in `C2C.CallbackAfterSendMsg`.
             */
            UnreadMsgNum?: components["schemas"]["UnreadMsgNum"] | null;
            MsgBody?: components["schemas"]["MsgBody"] | null;
            CloudCustomData?: components["schemas"]["CloudCustomData"] | null;
            SyncOtherMachine?: components["schemas"]["SyncOtherMachine"] | null;
            SupportMessageExtension?: components["schemas"]["SupportMessageExtension"] | null;
            /**
             * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z.
             *
             *     **Decided:** the vendor's international page has no such field, receivers of its traffic find it in some
             *     callbacks, so it is optional. Without it the moment of arrival stands in, and an equal body is a repeat if it has
             *     `MsgKey`.
             */
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** When a chatbot is mentioned in a group */
        "Bot.OnGroupMessage": {
            /** @constant */
            type: "Bot.OnGroupMessage";
            /** @constant */
            subjectkind?: "group";
            data: components["schemas"]["Bot.OnGroupMessage.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * When a chatbot is mentioned in a group
         * @description A message in a group mentioned one or more chatbots. The callback comes after the fact: the reply changes nothing in
         *     the chat. A chatbot answers through the REST API. A mention of all members does not cause the callback.
         *
         *     If it is enabled, `Group.CallbackAfterSendMsg` comes for the same message, with the same `MsgSeq`.
         *
         *     Vendor's page: [Callback After Reminding a Chatbot in a
         *     Group](https://www.tencentcloud.com/document/product/1047/68953).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Bot.OnGroupMessage.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Bot.OnGroupMessage" | null;
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"] | null;
            /**
             * @description UserID of the sender of the message.
             * @example mina
             */
            From_Account?: string | null;
            /**
             * @description UserID of the account that asked for the message to be sent: the sender, or the app's administrator who sends in
             *     the name of `From_Account`. `@TLS#NOT_FOUND` also occurs.
             */
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            Random?: components["schemas"]["MsgRandom"] | null;
            /**
             * @description Number of the message within the group, or within the topic: it names the message when it is recalled or read.
             * @example 123
             */
            MsgSeq?: number | string | null;
            MsgTime?: components["schemas"]["MsgTime"] | null;
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"] | null;
            MsgBody?: components["schemas"]["MsgBody"] | null;
            /** @description UserIDs of the chatbots that the message mentions, one or more. Absent and empty mean the same. */
            AtRobots_Account?: string[] | null;
            CloudCustomData?: components["schemas"]["CloudCustomData"] | null;
            /**
             * @description Id of the topic that the message belongs to. Only in community groups with topics; absent for a message to the
             *     group itself.
             */
            TopicId?: components["schemas"]["TopicId"] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After an official account is created */
        "OfficialAccount.CallbackAfterCreateOfficialAccount": {
            /** @constant */
            type: "OfficialAccount.CallbackAfterCreateOfficialAccount";
            /** @constant */
            subjectkind?: "official";
            data: components["schemas"]["OfficialAccount.CallbackAfterCreateOfficialAccount.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After an official account is created
         * @description An official account was created. Only the REST API can do that. The callback comes after the fact: the reply changes
         *     nothing in the chat.
         *
         *     Vendor's page: [Third-Party Callback Overview](https://www.tencentcloud.com/document/product/1047/34354).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "OfficialAccount.CallbackAfterCreateOfficialAccount.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "OfficialAccount.CallbackAfterCreateOfficialAccount" | null;
            Official_Account: components["schemas"]["OfficialAccountId"];
            /**
             * @description UserID of the account that asked for it, usually the app's administrator.
             * @example administrator
             */
            Operator_Account?: string | null;
            /**
             * @description UserID of the owner. Absent where the account was created without one.
             * @example rosa
             */
            Owner_Account?: string | null;
            /**
             * @description Name of the official account. Its length is not limited here.
             * @example Corner bakery
             */
            Name?: string | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After an official account's profile is changed */
        "OfficialAccount.CallbackAfterOfficialAccountInfoChanged": {
            /** @constant */
            type: "OfficialAccount.CallbackAfterOfficialAccountInfoChanged";
            /** @constant */
            subjectkind?: "official";
            data: components["schemas"]["OfficialAccount.CallbackAfterOfficialAccountInfoChanged.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After an official account's profile is changed
         * @description Name, introduction, picture or organization of an official account were changed. Only the REST API can do that. The
         *     callback comes after the fact: the reply changes nothing in the chat.
         *
         *     Vendor's page: [After Official Channel Profile Is Modified](https://www.tencentcloud.com/document/product/1047/60797).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "OfficialAccount.CallbackAfterOfficialAccountInfoChanged.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "OfficialAccount.CallbackAfterOfficialAccountInfoChanged" | null;
            Official_Account: components["schemas"]["OfficialAccountId"];
            /**
             * @description UserID of the account that asked for it, usually the app's administrator.
             * @example administrator
             */
            Operator_Account?: string | null;
            /**
             * @description The name, as it is now. Absent when it did not change.
             * @example Corner bakery
             */
            Name?: string | null;
            /**
             * @description The introduction, as it is now. Absent when it did not change; empty when it was removed.
             * @example Fresh bread at seven
             */
            Introduction?: string | null;
            /**
             * @description URL of the picture, as it is now. Absent when it did not change; empty when it was removed. Its form is not
             *     checked.
             * @example https://example.com/bakery.png
             */
            FaceUrl?: string | null;
            /**
             * @description The organization behind the official account, as it is now. Absent when it did not change; empty when it was
             *     removed.
             * @example Rosa and daughters
             */
            Organization?: string | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After an official account is deleted */
        "OfficialAccount.CallbackAfterOfficialAccountDestroyed": {
            /** @constant */
            type: "OfficialAccount.CallbackAfterOfficialAccountDestroyed";
            /** @constant */
            subjectkind?: "official";
            data: components["schemas"]["OfficialAccount.CallbackAfterOfficialAccountDestroyed.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After an official account is deleted
         * @description An official account was deleted. Only the REST API can do that. The callback comes after the fact: the reply changes
         *     nothing in the chat. A new one may be created under the same id.
         *
         *     Vendor's page: [After Official Account Is Destroyed](https://www.tencentcloud.com/document/product/1047/60798).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "OfficialAccount.CallbackAfterOfficialAccountDestroyed.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "OfficialAccount.CallbackAfterOfficialAccountDestroyed" | null;
            Official_Account: components["schemas"]["OfficialAccountId"];
            /**
             * @description UserID of the owner that it had. Absent where it had none.
             * @example rosa
             */
            Owner_Account?: string | null;
            /**
             * @description The name that it had.
             * @example Corner bakery
             */
            Name?: string | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After users subscribe to an official account */
        "OfficialAccount.CallbackAfterAddSubscriber": {
            /** @constant */
            type: "OfficialAccount.CallbackAfterAddSubscriber";
            /** @constant */
            subjectkind?: "official";
            data: components["schemas"]["OfficialAccount.CallbackAfterAddSubscriber.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After users subscribe to an official account
         * @description Users subscribed to an official account in a client SDK, or were subscribed through the REST API. The callback comes
         *     after the fact: the reply changes nothing in the chat.
         *
         *     Vendor's page: [After Official Account Is Subscribed](https://www.tencentcloud.com/document/product/1047/60800).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "OfficialAccount.CallbackAfterAddSubscriber.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "OfficialAccount.CallbackAfterAddSubscriber" | null;
            Official_Account: components["schemas"]["OfficialAccountId"];
            /** @description UserID of the account that asked for it: the subscriber, or the app's administrator for a REST call. */
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            /** @description The users who subscribed. Absent and empty mean the same. */
            SubscribeAccountList?: components["schemas"]["SubscriberList"] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After users unsubscribe from an official account */
        "OfficialAccount.CallbackAfterDeleteSubscriber": {
            /** @constant */
            type: "OfficialAccount.CallbackAfterDeleteSubscriber";
            /** @constant */
            subjectkind?: "official";
            data: components["schemas"]["OfficialAccount.CallbackAfterDeleteSubscriber.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After users unsubscribe from an official account
         * @description Users unsubscribed from an official account in a client SDK, or were removed through the REST API. The callback comes
         *     after the fact: the reply changes nothing in the chat.
         *
         *     Vendor's page: [After Official Account Is Unsubscribed](https://www.tencentcloud.com/document/product/1047/60802).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "OfficialAccount.CallbackAfterDeleteSubscriber.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "OfficialAccount.CallbackAfterDeleteSubscriber" | null;
            Official_Account: components["schemas"]["OfficialAccountId"];
            /** @description UserID of the account that asked for it: the user who unsubscribed, or the app's administrator for a REST call. */
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            /**
             * @description The users who are no longer subscribers. The field is named as in the callback of new ones. Absent and empty mean
             *     the same.
             */
            SubscribeAccountList?: components["schemas"]["SubscriberList"] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After an official account is full */
        "OfficialAccount.CallbackAfterOfficialAccountFull": {
            /** @constant */
            type: "OfficialAccount.CallbackAfterOfficialAccountFull";
            /** @constant */
            subjectkind?: "official";
            data: components["schemas"]["OfficialAccount.CallbackAfterOfficialAccountFull.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After an official account is full
         * @description An official account has as many subscribers as it may have. The callback comes after the fact: the reply changes
         *     nothing in the chat. Nothing tells when there is room again but the users who unsubscribe.
         *
         *     **Decided:** as its moment, the vendor's page names every new subscription. By the name of the command and by what the
         *     page says of its purpose, it is the one that takes the last place.
         *
         *     Vendor's page: [After an Official Account Is Full](https://www.tencentcloud.com/document/product/1047/60801).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "OfficialAccount.CallbackAfterOfficialAccountFull.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "OfficialAccount.CallbackAfterOfficialAccountFull" | null;
            Official_Account: components["schemas"]["OfficialAccountId"];
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After an official account sends a message */
        "OfficialAccount.CallbackAfterSendMsg": {
            /** @constant */
            type: "OfficialAccount.CallbackAfterSendMsg";
            /** @constant */
            subjectkind?: "official";
            data: components["schemas"]["OfficialAccount.CallbackAfterSendMsg.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After an official account sends a message
         * @description A message of an official account was delivered to its subscribers. It was sent in a client SDK or through the REST
         *     API. The callback comes after the fact: the reply changes nothing in the chat. One callback stands for all
         *     subscribers.
         *
         *     Vendor's page: [Callback After Sending an Official Channel
         *     Message](https://www.tencentcloud.com/document/product/1047/60804).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "OfficialAccount.CallbackAfterSendMsg.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "OfficialAccount.CallbackAfterSendMsg" | null;
            Official_Account: components["schemas"]["OfficialAccountId"];
            MsgKey?: components["schemas"]["MsgKey"] | null;
            MsgTime?: components["schemas"]["MsgTime"] | null;
            /**
             * @description 1 where the message goes only to subscribers who are online and is not kept by the chat, otherwise 0. Absent means
             *     0.
             */
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"] | null;
            MsgBody?: components["schemas"]["MsgBody"] | null;
            CloudCustomData?: components["schemas"]["CloudCustomData"] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After an official account's messages are recalled */
        "OfficialAccount.CallbackAfterMsgWithDraw": {
            /** @constant */
            type: "OfficialAccount.CallbackAfterMsgWithDraw";
            /** @constant */
            subjectkind?: "official";
            data: components["schemas"]["OfficialAccount.CallbackAfterMsgWithDraw.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After an official account's messages are recalled
         * @description Messages of an official account were recalled, in a client SDK or through the REST API. The callback comes after the
         *     fact: the reply changes nothing in the chat.
         *
         *     Vendor's page: [Webhook After Recalling Official Channel
         *     Messages](https://www.tencentcloud.com/document/product/1047/60805).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "OfficialAccount.CallbackAfterMsgWithDraw.Data": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "OfficialAccount.CallbackAfterMsgWithDraw" | null;
            Official_Account: components["schemas"]["OfficialAccountId"];
            /** @description The messages that were recalled. */
            WithdrawMsgList?: {
                /** @description The `MsgKey` that the message had when it was sent. Opaque: compare it, do not take it apart. */
                MsgKey?: components["schemas"]["MsgKey"] | null;
            }[] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** Before a one-to-one message is sent */
        "C2C.CallbackBeforeSendMsg": {
            /** @constant */
            type: "C2C.CallbackBeforeSendMsg";
            /** @constant */
            subjectkind?: "pair";
            data: components["schemas"]["C2C.CallbackBeforeSendMsg.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * Before a one-to-one message is sent
         * @description A user wants to send a message to another one, in a client SDK or through the REST API. The reply may let it pass,
         *     replace it, refuse it, or drop it without a word to the sender.
         *
         *     The reply decides, see `C2C.CallbackBeforeSendMsg.Reply`. Without a valid reply in 2 s, the vendor goes on as if it
         *     were allowed, unless the console says otherwise. The REST API can suppress this callback for a single message.
         *
         *     Vendor's page: [Before a One-to-One Message Is Sent](https://www.tencentcloud.com/document/product/1047/34364).
         *
         *     The vendor does not repeat it. Fields that are not described here are taken and kept with the body as received.
         */
        "C2C.CallbackBeforeSendMsg.Data": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "C2C.CallbackBeforeSendMsg" | null;
            /**
             * @description UserID of the sender.
             * @example mina
             */
            From_Account: string;
            /**
             * @description UserID of the receiver.
             * @example otto
             */
            To_Account: string;
            MsgSeq?: components["schemas"]["C2CMsgSeq"] | null;
            MsgRandom?: components["schemas"]["MsgRandom"] | null;
            /**
             * @description When the message was sent, in SECONDS since 1970-01-01T00:00:00Z, unlike `EventTime`. Messages of a conversation
             *     are in the order of `MsgTime`, those of one second in that of `MsgSeq`.
             */
            MsgTime?: components["schemas"]["MsgTime"] | null;
            MsgKey?: components["schemas"]["MsgKey"] | null;
            /**
             * @description Id of the message at the client that sent it: `<digits>-<seconds>-<digits>`. Its form is not checked. Only the
             *     vendor's mainland pages have it; absent otherwise.
             */
            MsgId?: components["schemas"]["MsgId"] | null;
            /**
             * @description 1 where the message goes to the receiver only while online and is not kept by the chat, otherwise 0. Absent means
             *     0.
             */
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"] | null;
            MsgBody?: components["schemas"]["MsgBody"] | null;
            CloudCustomData?: components["schemas"]["CloudCustomData"] | null;
            SyncOtherMachine?: components["schemas"]["SyncOtherMachine"] | null;
            SupportMessageExtension?: components["schemas"]["SupportMessageExtension"] | null;
            /**
             * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z.
             *
             *     **Decided:** the vendor's mainland page has the field, its international page and traffic have not, so it is
             *     optional. Without it the moment of arrival stands in, and an equal body is a repeat if it has `MsgKey`.
             */
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** When a chatbot is sent custom data */
        "Chatbot.OnC2CSignalMessage": {
            /** @constant */
            type: "Chatbot.OnC2CSignalMessage";
            /** @constant */
            subjectkind?: "pair";
            data: components["schemas"]["Chatbot.OnC2CSignalMessage.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * When a chatbot is sent custom data
         * @description A client sent custom data to a chatbot, which the app answers in its place. The data is no message: it has neither
         *     `MsgBody` nor `MsgTime`.
         *
         *     The reply is the answer, see `Chatbot.OnC2CSignalMessage.Reply`: the chatbot gets its `RspData`. Without a valid reply
         *     in 2 s, there is no answer.
         *
         *     Vendor's page: [Chatbot Passthrough Message
         *     Callback](https://www.tencentcloud.com/document/product/1047/59057).
         *
         *     The vendor does not repeat it. Fields that are not described here are taken and kept with the body as received.
         */
        "Chatbot.OnC2CSignalMessage.Data": {
            /**
             * @description Says what is asked. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Chatbot.OnC2CSignalMessage" | null;
            /**
             * @description UserID of the sender.
             * @example mina
             */
            From_Account: string;
            /**
             * @description UserID of the chatbot: `@RBT#` and a suffix. Its form is not checked.
             * @example @RBT#001
             */
            To_Account: string;
            MsgSeq?: components["schemas"]["C2CMsgSeq"] | null;
            MsgRandom?: components["schemas"]["MsgRandom"] | null;
            MsgKey?: components["schemas"]["MsgKey"] | null;
            /**
             * @description What the client sent, usually JSON.
             *
             *     **Decided:** a text, taken as it comes. The vendor's sample escapes the JSON in it twice and is no JSON as printed.
             * @example {"step":"choose"}
             */
            Data?: string | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** Before users subscribe to an official account */
        "OfficialAccount.CallbackBeforeAddSubscriber": {
            /** @constant */
            type: "OfficialAccount.CallbackBeforeAddSubscriber";
            /** @constant */
            subjectkind?: "official";
            data: components["schemas"]["OfficialAccount.CallbackBeforeAddSubscriber.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * Before users subscribe to an official account
         * @description Users want to subscribe to an official account in a client SDK, or are to be subscribed through the REST API. The reply
         *     may refuse all of them, or some by name.
         *
         *     The reply decides, see `OfficialAccount.CallbackBeforeAddSubscriber.Reply`. Without a valid reply in 2 s, the vendor
         *     goes on as if it were allowed, unless the console says otherwise.
         *
         *     Vendor's page: [Before Official Channel Is Subscribed](https://www.tencentcloud.com/document/product/1047/60799).
         *
         *     The vendor does not repeat it. Fields that are not described here are taken and kept with the body as received.
         */
        "OfficialAccount.CallbackBeforeAddSubscriber.Data": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "OfficialAccount.CallbackBeforeAddSubscriber" | null;
            Official_Account: components["schemas"]["OfficialAccountId"];
            /** @description UserID of the account that asked for it: the subscriber, or the app's administrator for a REST call. */
            Operator_Account?: components["schemas"]["OperatorAccount"] | null;
            /** @description The users who are to subscribe. Absent and empty mean the same. */
            SubscribeAccountList?: components["schemas"]["SubscriberList"] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** Before an official account is created */
        "OfficialAccount.CallbackBeforeCreateOfficialAccount": {
            /** @constant */
            type: "OfficialAccount.CallbackBeforeCreateOfficialAccount";
            /** @constant */
            subjectkind?: "account";
            data: components["schemas"]["OfficialAccount.CallbackBeforeCreateOfficialAccount.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * Before an official account is created
         * @description The app's administrator wants to create an official account. Only the REST API can do that. The official account has no
         *     id yet.
         *
         *     The reply decides, see `OfficialAccount.CallbackBeforeCreateOfficialAccount.Reply`. Without a valid reply in 2 s, the
         *     vendor goes on as if it were allowed, unless the console says otherwise.
         *
         *     Vendor's page: [Before an Official Channel Is Created](https://www.tencentcloud.com/document/product/1047/60795).
         *
         *     The vendor does not repeat it. Fields that are not described here are taken and kept with the body as received.
         */
        "OfficialAccount.CallbackBeforeCreateOfficialAccount.Data": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "OfficialAccount.CallbackBeforeCreateOfficialAccount" | null;
            /**
             * @description UserID of the account that asked for it, usually the app's administrator.
             * @example administrator
             */
            Operator_Account?: string | null;
            /**
             * @description UserID of the owner to be. Absent where the account is created without one.
             * @example rosa
             */
            Owner_Account?: string | null;
            /**
             * @description Name of the official account to be. Its length is not limited here.
             * @example Corner bakery
             */
            Name?: string | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** Before an official account sends a message */
        "OfficialAccount.CallbackBeforeSendMsg": {
            /** @constant */
            type: "OfficialAccount.CallbackBeforeSendMsg";
            /** @constant */
            subjectkind?: "official";
            data: components["schemas"]["OfficialAccount.CallbackBeforeSendMsg.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * Before an official account sends a message
         * @description A message of an official account is about to go to its subscribers. It was sent in a client SDK or through the REST API.
         *     The reply may let it pass, replace it, refuse it, or drop it without a word to the sender. It has no key yet.
         *
         *     The reply decides, see `OfficialAccount.CallbackBeforeSendMsg.Reply`. Without a valid reply in 2 s, the vendor goes on
         *     as if it were allowed, unless the console says otherwise.
         *
         *     Vendor's page: [Before an Official Channel Message Is
         *     Sent](https://www.tencentcloud.com/document/product/1047/60803).
         *
         *     The vendor does not repeat it. Fields that are not described here are taken and kept with the body as received.
         */
        "OfficialAccount.CallbackBeforeSendMsg.Data": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "OfficialAccount.CallbackBeforeSendMsg" | null;
            Official_Account: components["schemas"]["OfficialAccountId"];
            /**
             * @description 1 where the message goes only to subscribers who are online and is not kept by the chat, otherwise 0. Absent means
             *     0.
             */
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"] | null;
            MsgBody?: components["schemas"]["MsgBody"] | null;
            CloudCustomData?: components["schemas"]["CloudCustomData"] | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** Before friends are added */
        "Sns.CallbackPrevFriendAdd": {
            /** @constant */
            type: "Sns.CallbackPrevFriendAdd";
            /** @constant */
            subjectkind?: "account";
            data: components["schemas"]["Sns.CallbackPrevFriendAdd.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * Before friends are added
         * @description A user asks others, in a client SDK, to become friends. The reply may refuse each of them on its own. A request through
         *     the REST API causes no such callback.
         *
         *     The reply decides, see `Sns.CallbackPrevFriendAdd.Reply`. Unlike elsewhere, it has a result for each user. Without a
         *     valid reply in 2 s, the vendor goes on as if all were allowed, unless the console says otherwise.
         *
         *     Vendor's page: [Before a Friend Is Added](https://www.tencentcloud.com/document/product/1047/43468).
         *
         *     The vendor does not repeat it. Fields that are not described here are taken and kept with the body as received.
         */
        "Sns.CallbackPrevFriendAdd.Data": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Sns.CallbackPrevFriendAdd" | null;
            /**
             * @description UserID of the user who makes the request.
             * @example mina
             */
            Requester_Account?: string | null;
            /**
             * @description UserID of the user whose friend list is to gain entries.
             * @example mina
             */
            From_Account: string;
            /** @description The users who are to be added. The reply has a result for each. */
            FriendItem: {
                /**
                 * @description UserID of the user who is to be added.
                 * @example otto
                 */
                To_Account: string;
                /**
                 * @description What `From_Account` calls this friend. Absent when nothing was set.
                 * @example Otto from the choir
                 */
                Remark?: string | null;
                /**
                 * @description Part of the friend list that the friend is put into, which the answering command calls `TagName`. Absent when
                 *     nothing was set.
                 * @example choir
                 */
                GroupName?: string | null;
                /**
                 * @description Where the request comes from, `AddSource_Type_` and a word that the app has chosen. Its form is not checked.
                 * @example AddSource_Type_Android
                 */
                AddSource?: string | null;
                /**
                 * @description What `From_Account` writes to the user who is asked.
                 *
                 *     **Decided:** this text and `Remark` are content: both are what a user wrote, so neither is stored where
                 *     messages are not kept.
                 * @example we sing in the same choir
                 */
                AddWording?: string | null;
            }[];
            /**
             * @description `Add_Type_Single`: only `From_Account` gains a friend. `Add_Type_Both`: both do. An open set: other values are taken.
             *     Absent means `Add_Type_Both`.
             * @example Add_Type_Both
             * @example Add_Type_Single
             */
            AddType?: string | null;
            /**
             * @description 1 where the friends are added by force, without asking them, otherwise 0. Absent means 0.
             * @example 0
             * @example 1
             */
            ForceAddFlags?: number | string | boolean | null;
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** Before friend requests are answered */
        "Sns.CallbackPrevFriendResponse": {
            /** @constant */
            type: "Sns.CallbackPrevFriendResponse";
            /** @constant */
            subjectkind?: "account";
            data: components["schemas"]["Sns.CallbackPrevFriendResponse.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * Before friend requests are answered
         * @description A user answers, in a client SDK, requests to become friends. The reply may refuse each of the answers on its own. An
         *     answer through the REST API causes no such callback.
         *
         *     The reply decides, see `Sns.CallbackPrevFriendResponse.Reply`. Unlike elsewhere, it has a result for each user. Without
         *     a valid reply in 2 s, the vendor goes on as if all were allowed, unless the console says otherwise.
         *
         *     Vendor's page: [Before a Friend Request Is Responded](https://www.tencentcloud.com/document/product/1047/43467).
         *
         *     The vendor does not repeat it. Fields that are not described here are taken and kept with the body as received.
         */
        "Sns.CallbackPrevFriendResponse.Data": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused.
             * @enum {string|null}
             */
            CallbackCommand?: "Sns.CallbackPrevFriendResponse" | null;
            /**
             * @description UserID of the user who makes the request.
             * @example otto
             */
            Requester_Account?: string | null;
            /**
             * @description UserID of the user who answers.
             * @example otto
             */
            From_Account: string;
            /** @description The answers, one for each user who has asked. The reply has a result for each. */
            ResponseFriendItem: {
                /**
                 * @description UserID of the user who has asked.
                 * @example mina
                 */
                To_Account: string;
                /**
                 * @description What `From_Account` calls this friend. Absent when nothing was set. Content, as in `Sns.CallbackPrevFriendAdd`.
                 * @example Mina the alto
                 */
                Remark?: string | null;
                /**
                 * @description Part of the friend list that the friend is put into, which the asking command calls `GroupName`. Absent when
                 *     nothing was set.
                 * @example choir
                 */
                TagName?: string | null;
                /**
                 * @description The answer. `Response_Action_Agree`: the user who has asked gains a friend. `Response_Action_AgreeAndAdd`: both
                 *     do. `Response_Action_Reject`: nobody does. An open set: other values are taken.
                 * @example Response_Action_AgreeAndAdd
                 * @example Response_Action_Agree
                 * @example Response_Action_Reject
                 */
                ResponseAction?: string | null;
            }[];
            EventTime?: components["schemas"]["EventTime"] | null;
        };
        /** After content is moderated */
        "ContentCallback.ResultNotify": {
            /** @constant */
            type: "ContentCallback.ResultNotify";
            /** @constant */
            subjectkind?: "account";
            data: components["schemas"]["ContentCallback.ResultNotify.Data"];
        } & components["schemas"]["Attributes"];
        /**
         * After content is moderated
         * @description The vendor's moderation has judged a message, a profile, or what a group says of itself. By default only violations are
         *     told; the console can be set to tell every result. The callback comes after the fact: the reply changes nothing in the
         *     chat.
         *
         *     The body does not name the command: only the query does. It carries the SDKAppID, which no other callback has in its body.
         *     Its URL has neither `ClientIP` nor `OptPlatform`.
         *
         *     What was moderated is in the callback, and may be offensive or private: it is never logged, and `KEEP_MESSAGES=false`
         *     removes it.
         *
         *     **Decided:** the vendor documents no event time. The moment of arrival stands in, and an equal body is a repeat if it has
         *     `CtxcbRequestId`. Lists of values are open: other values are taken.
         *
         *     Vendor's page: [Cloud Moderation Webhooks](https://www.tencentcloud.com/document/product/1047/78240).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "ContentCallback.ResultNotify.Data": {
            /**
             * @description What was moderated: `C2C` and `Group` for messages, `C2CCustom` and `GroupCustom` for custom ones, `GroupInfo` for what
             *     a group says of itself, `GroupMemberInfo` for a member's data, `RelationChain` for what a user says of friends, `UserInfo`
             *     for a profile.
             * @example C2C
             * @example C2CCustom
             * @example Group
             * @example GroupCustom
             * @example GroupInfo
             * @example GroupMemberInfo
             * @example RelationChain
             * @example UserInfo
             */
            Scene?: string | null;
            /**
             * @description The app's SDKAppID, as in the query, where it is spelled `SdkAppid`. The vendor's sample has it, its table does not.
             * @example 1400000000
             */
            SdkAppId?: number | string | null;
            /**
             * @description UserID of the user whose content it is.
             * @example mina
             */
            From_Account: string;
            /** @description Where a message went. Absent for everything but messages. */
            ContactItem?: {
                /**
                 * @description 1 for a user, 2 for a group.
                 * @example 1
                 * @example 2
                 */
                ContactType?: number | string | null;
                /**
                 * @description UserID of the receiver. Absent where it went to a group.
                 * @example otto
                 */
                To_Account?: string | null;
                /**
                 * @description Id of the group. Absent where it went to a user.
                 * @example @TGS#2J4SZEAEL
                 */
                ToGroupId?: string | null;
            } | null;
            /**
             * @description Kind of the content.
             * @example Text
             * @example Image
             * @example Audio
             * @example Video
             */
            ContentType?: string | null;
            /**
             * @description The texts that were moderated; several for a custom message. Only with `ContentType` `Text`.
             *
             *     **Decided:** a list or a text. An older table of the vendor says text, its sample and the newer table have a list.
             */
            TextContent?: string[] | string | null;
            /**
             * @description URL of the file that was moderated. Only where `ContentType` is not `Text`.
             * @example https://files.example.com/7f3a.jpg
             */
            FileURL?: string | null;
            /**
             * @description Of a message between users its `MsgKey`, of a group's message its `MsgSeq`. Absent for everything but messages, and for
             *     a group's message that was stopped.
             * @example 11_22_1767254400
             * @example 1204
             */
            MsgID?: string | null;
            /**
             * @description 1 where the content was stopped, 0 where it passed.
             * @example 1
             * @example 0
             */
            CtxcbResult?: number | string | null;
            /**
             * @description Names this result.
             * @example 5f0c2d3e-9b1a-4c6f-8a57-2f4a7c1e90bd
             */
            CtxcbRequestId?: string | null;
            /** @description The words that were found in a text. */
            CtxcbKeywords?: string[] | null;
            /**
             * @description What the moderation suggests.
             * @example Block
             * @example Review
             * @example Normal
             */
            CtxcbSuggestion?: string | null;
            /**
             * @description The kind of violation.
             * @example Ad
             * @example Abuse
             * @example Normal
             */
            CtxcbLabel?: string | null;
            /**
             * @description The kind of violation, in more detail. Newer than the other fields, and absent from older documents.
             * @example ContactAd
             */
            CtxcbSubLabel?: string | null;
            /**
             * @description What the sub-label means. Newer than the other fields.
             * @example Advertising with contact data
             */
            CtxcbSubLabelDesc?: string | null;
            /**
             * @description Name of the app's own word list that was hit. Newer than the other fields.
             * @example own-words
             */
            CtxcbLibName?: string | null;
            CloudCustomData?: components["schemas"]["CloudCustomData"] | null;
        };
        /** After a push to many users */
        "Push.AllMemberPush": {
            /** @constant */
            type: "Push.AllMemberPush";
            /** @constant */
            subjectkind?: "account";
            data: components["schemas"]["AllMemberPushEvent"];
        } & components["schemas"]["Attributes"];
        /** After a message is pushed offline */
        "Push.OfflinePush": {
            /** @constant */
            type: "Push.OfflinePush";
            /** @constant */
            subjectkind?: "account";
            data: components["schemas"]["OfflinePushEvent"];
        } & components["schemas"]["Attributes"];
        /**
         * After a push to many users
         * @description A push that the app sent to all users, by tag or to single users, was sent to a device of one of them, was delivered, or
         *     was clicked: `PushStage` says which. The vendor sends pushes by tag and single pushes under this command, too.
         */
        AllMemberPushEvent: {
            /**
             * @description Says what the item is. Where an item lacks it, the command of the URL counts.
             * @enum {string|null}
             */
            CallbackCommand?: "Push.AllMemberPush" | null;
            /**
             * @description 1 for an offline push, 2 for an online push.
             * @example 1
             * @example 2
             */
            EventType?: number | string | null;
            EventTime?: components["schemas"]["PushEventTime"] | null;
            /**
             * @description UserID of the receiver of the push.
             * @example otto
             */
            To_Account: string;
            /**
             * @description Names the push that the app sent. That of a single push may begin with `batch_`.
             * @example 1400000000_1767254400_7d21
             * @example batch_1400000000_7d22
             */
            TaskId?: string | null;
            /**
             * Format: int64
             * @description When the app sent the push, in SECONDS since 1970-01-01T00:00:00Z.
             * @example 1767254400
             */
            TaskTime?: number | string | null;
            /**
             * @description The app's own id of the push, passed through.
             * @example spring-sale
             */
            DataId?: string | null;
            PushPlatform?: components["schemas"]["PushPlatform"] | null;
            /**
             * @description The device of an online push, numbered as `PushPlatform`, which is 0 then.
             * @example 1
             * @example 4
             */
            DeviceType?: number | string | null;
            PushStage?: components["schemas"]["PushStage"] | null;
            /**
             * @description 0 where the stage was reached; else the error of the push service. It is not named `ErrorCode`.
             * @example 0
             * @example 3001
             */
            ErrCode?: number | string | null;
            /**
             * @description The error in words; may be empty.
             * @example OK
             * @example
             */
            ErrInfo?: string | null;
        };
        /**
         * Format: int64
         * @description Number that the sender's client gave the message; it orders messages of the same second. 32 bits without a sign, so up
         *     to 4,294,967,295: more than a signed 32-bit integer holds. The range is not enforced.
         * @example 48374
         */
        C2CMsgSeq: number | string;
        /**
         * @description Data that the app attached to the message; the chat keeps it and hands it to the receivers. Free text, often JSON.
         *     Absent when there is none.
         * @example {"level":3}
         */
        CloudCustomData: string;
        /**
         * @description Custom fields, at most 10. Absent unless custom fields were enabled for the app, which by default they are not: that
         *     means the same as an empty list. The REST API calls this list `AppDefinedData`.
         */
        CustomFields: {
            /**
             * @description The name of the custom field, as set up in the vendor's console.
             * @example UserDefined1
             */
            Key: string;
            /**
             * @description The value, up to 512 bytes by the vendor's limits; not enforced. May be binary data put into a string:
             *     U+0000 occurs.
             * @example hello
             */
            Value: string;
        }[];
        /**
         * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z.
         *
         *     **Decided:** the vendor's tables say integer, its samples have a string of digits, traffic carries integers, and
         *     before about 2021 the field was absent. All three are taken, and the code that handles the callback gets a number.
         *     14 digits are the most that is taken, which a date can always hold. A value before 1971 is read as seconds, of which
         *     traffic has ten digits; one that lies more than 5 minutes ahead of the arrival is not believed: the arrival stands in. Without it the moment of arrival stands in, and the callback cannot be told from its own
         *     repeat: two equal bodies without an event time are two callbacks.
         * @example 1670574414123
         * @example 1670574414123
         */
        EventTime: number | string;
        /**
         * @description The group's id, unique within the app. One of three forms:
         *
         *     - `@TGS#` and a suffix: generated by the chat;
         *     - `@TGS#_` and a suffix: a community group;
         *     - anything else in printable ASCII: chosen by whoever created the group. The vendor allows fewer than 48 bytes.
         *
         *     `@`, `#`, `/`, `%` and spaces occur: percent-encode the id wherever it becomes part of a URL.
         *
         *     **Decided:** the vendor's field tables print `groupID` in places, its samples and all known traffic have `GroupId`. Only
         *     `GroupId` is read; a body that has `groupID` alone is refused, since nothing is known to send it. The vendor's
         *     length limit is not enforced, losing a group weighs more than a long id; 256 is what a database can index.
         * @example @TGS#2J4SZEAEL
         * @example @TGS#_2K7QWXMRT
         * @example orders/2024 50%
         */
        GroupId: string;
        /**
         * @description The group's type, see [Group System](https://www.tencentcloud.com/document/product/1047/33529): `Public`,
         *     `Work` (in earlier versions `Private`), `Meeting` (in earlier versions `ChatRoom`), `AVChatRoom`, `Community`.
         *     Either name of a pair may come, and means the same.
         *
         *     An open set: other values are taken. The value is stored as sent.
         * @example Public
         */
        GroupType: string;
        /** @description Members of the group. Absent and empty mean the same. */
        MemberList: {
            /**
             * @description UserID of the member.
             * @example bob
             */
            Member_Account: string;
        }[];
        /**
         * @description The message, one element after the other, see
         *     [Message Formats](https://www.tencentcloud.com/document/product/1047/33527).
         *
         *     **Decided:** the elements are taken as they come. New kinds of elements, and custom ones, are frequent, and a message is
         *     kept, not understood.
         */
        MsgBody: components["schemas"]["MsgElement"][];
        /** @description One part of a message. */
        MsgElement: {
            /**
             * @description Kind of the element: `TIMTextElem`, `TIMCustomElem`, `TIMImageElem`, `TIMSoundElem`, `TIMVideoFileElem`,
             *     `TIMFileElem`, `TIMLocationElem`, `TIMFaceElem`, `TIMRelayElem`. An open set.
             * @example TIMTextElem
             */
            MsgType?: string | null;
            /**
             * @description What the element holds. Its fields depend on `MsgType`.
             * @example {
             *       "Text": "red packet"
             *     }
             */
            MsgContent?: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * @description Id of the message at the client that sent it. The vendor's pages of 2025 have it; absent before. Its form is not checked.
         * @example 144115212345678901-1700000000-3768452165
         */
        MsgId: string;
        /**
         * @description Names the message: it is recalled and extended by this key. In the vendor's samples it is `<MsgSeq>_<MsgRandom>_<MsgTime>`.
         *
         *     **Decided:** opaque. Some captures have a key that does not match these fields, so nothing is read from it and its form
         *     is not checked.
         * @example 48374_2904115630_1767254400
         */
        MsgKey: string;
        /**
         * @description Priority of the message, `High`, `Normal`, `Low` or `Lowest`: where too many come at once, the low ones are dropped
         *     first. Not on the vendor's page of this callback, seen in traffic. An open set.
         * @example Normal
         */
        MsgPriority: string;
        /**
         * Format: int64
         * @description Random number of the message, by which the chat tells a repeat from another message with the same text. 32 bits
         *     without a sign, so up to 4,294,967,295: more than a signed 32-bit integer holds. The range is not enforced.
         * @example 3768452165
         */
        MsgRandom: number | string;
        /**
         * Format: int64
         * @description When the message was sent, in SECONDS since 1970-01-01T00:00:00Z, unlike `EventTime`.
         * @example 1767254400
         */
        MsgTime: number | string;
        /**
         * @description Id of the official account, which the vendor also calls an official channel: `@TOA#` or `@TOA#_`, and a suffix. It has
         *     `@` and `#`, so percent-encode it wherever it becomes part of a URL.
         *
         *     **Decided:** one of the vendor's samples has `#TOA#_` at the beginning. The form is not checked.
         * @example @TOA#_bakery
         * @example @TOA#7QWXMRT
         */
        OfficialAccountId: string;
        /**
         * After a message is pushed offline
         * @description A chat message was pushed to a device of a user whose app was not connected, the push was delivered, or the user clicked
         *     it: `PushStage` says which.
         *
         *     Before `PushID` existed, no field named the push: repeats are told apart by receiver, stage and message at best.
         */
        OfflinePushEvent: {
            /**
             * @description Says what the item is. Where an item lacks it, the command of the URL counts.
             * @enum {string|null}
             */
            CallbackCommand?: "Push.OfflinePush" | null;
            /**
             * @description 1 for a message between two users, 2 for a message in a group.
             * @example 1
             * @example 2
             */
            EventType?: number | string | null;
            EventTime?: components["schemas"]["PushEventTime"] | null;
            /**
             * @description UserID of the sender of the message.
             * @example mina
             */
            From_Account?: string | null;
            /**
             * @description UserID of the receiver of the push.
             * @example otto
             */
            To_Account: string;
            /**
             * @description Id of the group, of a message in a group alone. It is not written `GroupId`, as it is in other families.
             * @example @TGS#2J4SZEAEL
             */
            GroupID?: string | null;
            MsgKey?: components["schemas"]["MsgKey"] | null;
            /**
             * Format: int64
             * @description Number of the message. In a group, it names the message.
             * @example 1204
             */
            MsgSeq?: number | string | null;
            MsgRandom?: components["schemas"]["MsgRandom"] | null;
            MsgTime?: components["schemas"]["MsgTime"] | null;
            /**
             * @description Names the push. Newer than the other fields, and absent from older documents.
             * @example a_b_c
             */
            PushID?: string | null;
            PushPlatform?: components["schemas"]["PushPlatform"] | null;
            PushStage?: components["schemas"]["PushStage"] | null;
            /**
             * @description 0 where the stage was reached; else the error of the push service. It is not named `ErrorCode`.
             * @example 0
             * @example 3001
             */
            ErrCode?: number | string | null;
            /**
             * @description The error in words; may be empty.
             * @example OK
             * @example
             */
            ErrInfo?: string | null;
        };
        /**
         * @description 1 where the message goes only to members who are online and is not kept by the chat, otherwise 0. Always 0 in an
         *     `AVChatRoom`. Absent means 0.
         * @example 0
         * @example 1
         */
        OnlineOnlyFlag: number | string | boolean;
        /**
         * @description UserID of the account that asked for it. For a REST call this is the app's administrator; `@TLS#NOT_FOUND` also occurs
         *     there.
         * @example group_root
         */
        OperatorAccount: string;
        /**
         * Format: int64
         * @description When it happened, in SECONDS since 1970-01-01T00:00:00Z, unlike the `EventTime` of other families.
         * @example 1767254401
         */
        PushEventTime: number | string;
        /**
         * @description Whose push service: 0 unknown, 1 APNs, 2 Xiaomi, 3 Huawei, 4 FCM, 5 Meizu, 6 OPPO, 7 vivo, 8 Honor. Others may follow.
         * @example 1
         * @example 4
         */
        PushPlatform: number | string;
        /**
         * @description How far the push is: 1 sent, 2 delivered, 3 clicked.
         * @example 1
         * @example 2
         * @example 3
         */
        PushStage: number | string;
        /**
         * @description Why the message was not delivered. `send msg succeed` where it was.
         * @example send msg succeed
         */
        SendErrorInfo: string;
        /**
         * @description 0 where the message was delivered, otherwise the vendor's error code; `ErrorInfo` says why.
         * @example 0
         */
        SendMsgResult: number | string;
        /** @description Subscribers of an official account. Absent and empty mean the same. */
        SubscriberList: {
            /**
             * @description UserID of the subscriber.
             * @example mina
             */
            Subscriber_Account: string;
        }[];
        /**
         * @description By its name, 1 where key-value pairs can be attached to the message, otherwise 0. Not on the vendor's pages, seen in
         *     traffic. Usually absent.
         * @example 0
         * @example 1
         */
        SupportMessageExtension: number | string | boolean;
        /**
         * @description By its name, whether the message is synchronized to the sender's other devices. Not on the vendor's pages, seen in
         *     traffic. Usually absent.
         * @example 1
         */
        SyncOtherMachine: number | string;
        /**
         * @description Id of a topic of a community group: the group's id, `@TOPIC#_` and a suffix. It has `@` and `#`, so percent-encode it
         *     wherever it becomes part of a URL. Its form is not checked.
         * @example @TGS#_@TGS#cQVLVHIM62CJ@TOPIC#_TestTopic
         */
        TopicId: string;
        /**
         * @description How many one-to-one messages of all conversations an account has not read.
         *
         *     **Decided:** optional in every callback. The vendor's international pages have it; the mainland's have removed it.
         * @example 3
         */
        UnreadMsgNum: number | string;
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /**
         * @description After how many seconds events may be sent again, or a date (RFC 9110). Without it the schedule applies.
         * @example 120
         */
        RetryAfter: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    takeEvent: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The event's `id`. The same for each attempt.
                 * @example 80c9839a-1043
                 */
                "webhook-id": string;
                /**
                 * @description When this attempt was signed, in seconds since 1970-01-01T00:00:00Z. Refuse a request whose timestamp is more
                 *     than 5 minutes off, in either direction.
                 * @example 1670574414
                 */
                "webhook-timestamp": string;
                /**
                 * @description One signature for each secret, separated by spaces: `v1,` and the signature in base64. While a secret is
                 *     rotated there are several; one that verifies is enough.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The event, UTF-8 JSON. */
        requestBody: {
            content: {
                "application/cloudevents+json": components["schemas"]["Event"];
            };
        };
        responses: {
            /**
             * @description The endpoint is gone. The consumer pauses, which is shown to operators, and nothing is delivered until one
             *     of them resumes it. No event is lost.
             */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Too many requests. Nothing is sent before `Retry-After` is over, or an hour. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The endpoint is overloaded or away. Nothing is sent before `Retry-After` is over, or an hour. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The event is accepted, and is not sent again. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A failed attempt: the event is sent again by the schedule above. Answer 401 where the signature is not right. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
