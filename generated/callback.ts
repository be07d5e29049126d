// generated, run npm run generate

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
         * Receive a callback
         * @description Takes one callback. `SdkAppid`, `Sign` and `RequestTime` are judged before the body is read.
         *
         *     The reply is OK only after the callback is stored durably. A repeat changes nothing and is OK again. A command
         *     that this contract does not describe is kept as received and is OK too. A callback that the contract refuses
         *     (400) is kept with its reason, and can be judged again once the contract was mended.
         *
         *     **Decided:** the vendor does not document a `Content-Type` header. The receiver reads the body as JSON whatever
         *     the header says, also without one. The media type below is what the vendor is taken to send.
         *
         *     **Any other query parameter** is taken, whatever its name is and however often it comes. The vendor adds parameters
         *     without notice (`RequestId` was seen in 2021, `RequestID` in 2022, both holding a UUID). A callback URL may have a
         *     query of its own: the vendor's parameters are found behind `&` and behind a second `?`. `Sign` is described by
         *     the security scheme.
         *
         *     **What is read leniently.** The vendor does not send again after a fast refusal, so that a needless one loses the
         *     callback. The schemas below state what a callback means. Senders deviate in form, and this is taken, too:
         *
         *     - `null` in an optional field, which means that the field is absent, as does an empty text in an optional number;
         *     - a string of up to 20 digits where a number is described;
         *     - `true`, `false`, `"1"` and `"0"` in a field that is marked `x-flag`;
         *     - an empty field beside its filled namesake (`x-same-as`), which means that the first is absent;
         *     - a body without `CallbackCommand`: the URL says which schema it has (those of `ContentCallback.*` and `Push.*` never
         *       have it);
         *     - fields that are not described, a byte order mark, and `gzip` and `deflate` as `Content-Encoding`.
         *
         *     The schemas of the published document, `openapi.yaml`, take these bodies, so that validators and mocks made from
         *     it refuse no callback that the receiver takes. A callback is stored as it came, byte for byte.
         *
         *     **The console's probe.** The "verify" button of the vendor's console sends a body of `{}` or none at all, and may
         *     leave out `SdkAppid`. With a valid `Sign` (where a token is set) the receiver answers it with OK and stores
         *     nothing. It is the only request that may lack `SdkAppid`; because it is no callback, the schemas below do not
         *     describe it.
         */
        post: operations["receiveCallback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process runs
         * @description Answers 200 while the process runs and needs no restart. A database that is away does not count.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether callbacks can be taken
         * @description Answers 200 while the store takes callbacks. Send no callbacks here while it answers 503.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
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
        "Group.CallbackAfterCreateGroup": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackAfterCreateGroup";
            GroupId: components["schemas"]["GroupId"];
            Operator_Account: components["schemas"]["OperatorAccount"];
            /**
             * @description UserID of the group's owner. Absent when the REST API creates a group without an owner, although the vendor's
             *     table does not call it optional.
             * @example leckie
             */
            Owner_Account?: string;
            Type: components["schemas"]["GroupType"];
            /**
             * @description The group's name, in any script. May be empty. An older page of the vendor limits it to 30 bytes and newer ones
             *     allow more, so no length is enforced.
             * @example MyFirstGroup
             */
            Name: string;
            /** @description The group's introduction. Only on newer pages of the vendor; absent when none was given. */
            Introduction?: string;
            /** @description The group's announcement. Only on newer pages of the vendor; absent when none was given. */
            Notification?: string;
            /**
             * @description The initial members; the owner may be among them. Absent for `AVChatRoom`, and when a group starts empty: that
             *     means the same as an empty list. Up to 100 through the REST API, up to 500 through an SDK; not enforced.
             */
            MemberList?: components["schemas"]["MemberList"];
            UserDefinedDataList?: components["schemas"]["CustomFields"];
            /**
             * @description Who may invite others, for example `NeedPermission`. Undocumented, seen in traffic; its other values are not
             *     known.
             * @example NeedPermission
             */
            InviteOption?: string;
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackBeforeCreateGroup": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackBeforeCreateGroup";
            Operator_Account?: components["schemas"]["OperatorAccount"];
            /**
             * @description UserID of the group's owner to be. Absent when the REST API creates a group without an owner.
             * @example leckie
             */
            Owner_Account?: string;
            Type?: components["schemas"]["GroupType"];
            /**
             * @description The group's name, in any script. May be empty; no length is enforced.
             * @example MyFirstGroup
             */
            Name?: string;
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
            MemberList?: components["schemas"]["MemberList"];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackBeforeApplyJoinGroup": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackBeforeApplyJoinGroup";
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"];
            /**
             * @description UserID of the user who applies.
             * @example jared
             */
            Requestor_Account?: string;
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackBeforeInviteJoinGroup": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackBeforeInviteJoinGroup";
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"];
            /**
             * @description UserID of the account that invites. For a REST call this is the app's administrator; `@TLS#NOT_FOUND` also occurs
             *     there.
             */
            Operator_Account?: components["schemas"]["OperatorAccount"];
            /** @description The users who are invited. Absent means the same as an empty list. */
            DestinationMembers?: components["schemas"]["MemberList"];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackAfterNewMemberJoin": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackAfterNewMemberJoin";
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"];
            /**
             * @description How they came: `Apply`, they asked to join, or `Invited`, somebody added them. An open set: other values are
             *     taken.
             * @example Apply
             * @example Invited
             */
            JoinType?: string;
            /**
             * @description UserID of the account that asked for it: the user who joined, or who invited. For a REST call this is the app's
             *     administrator; `@TLS#NOT_FOUND` also occurs there.
             */
            Operator_Account?: components["schemas"]["OperatorAccount"];
            /** @description The members who joined. Absent means the same as an empty list. */
            NewMemberList?: components["schemas"]["MemberList"];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackAfterMemberExit": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackAfterMemberExit";
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"];
            /**
             * @description How they went: `Quit`, by themselves, or `Kicked`, removed by somebody. An open set: other values are taken.
             * @example Kicked
             * @example Quit
             */
            ExitType?: string;
            /**
             * @description UserID of the account that asked for it: the member who left, or who removed others. For a REST call this is the
             *     app's administrator; `@TLS#NOT_FOUND` also occurs there.
             */
            Operator_Account?: components["schemas"]["OperatorAccount"];
            /** @description The members who are gone. Absent means the same as an empty list. */
            ExitMemberList?: components["schemas"]["MemberList"];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackBeforeSendMsg": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackBeforeSendMsg";
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"];
            /**
             * @description UserID of the sender of the message.
             * @example jared
             */
            From_Account?: string;
            /**
             * @description UserID of the account that asked for the message to be sent: the sender, or the app's administrator who sends in
             *     the name of `From_Account`. `@TLS#NOT_FOUND` also occurs.
             */
            Operator_Account?: components["schemas"]["OperatorAccount"];
            Random?: components["schemas"]["MsgRandom"];
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"];
            MsgBody?: components["schemas"]["MsgBody"];
            CloudCustomData?: components["schemas"]["CloudCustomData"];
            /**
             * @description Id of the topic that the message belongs to. Only in community groups with topics; absent for a message to the
             *     group itself.
             */
            TopicId?: components["schemas"]["TopicId"];
            MsgPriority?: components["schemas"]["MsgPriority"];
            MsgId?: components["schemas"]["MsgId"];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackAfterSendMsg": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackAfterSendMsg";
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"];
            /**
             * @description UserID of the sender of the message.
             * @example jared
             */
            From_Account?: string;
            /**
             * @description UserID of the account that asked for the message to be sent: the sender, or the app's administrator who sends in
             *     the name of `From_Account`. `@TLS#NOT_FOUND` also occurs.
             */
            Operator_Account?: components["schemas"]["OperatorAccount"];
            Random?: components["schemas"]["MsgRandom"];
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"];
            MsgBody?: components["schemas"]["MsgBody"];
            CloudCustomData?: components["schemas"]["CloudCustomData"];
            /**
             * @description Number of the message within the group, or within the topic: it names the message when it is recalled or read.
             * @example 123
             */
            MsgSeq?: number;
            /**
             * @description When the message was sent, in SECONDS since 1970-01-01T00:00:00Z, unlike `EventTime`.
             * @example 1490686222
             */
            MsgTime?: number;
            /**
             * @description Id of the topic that the message belongs to. Only in community groups with topics; absent for a message to the
             *     group itself.
             */
            TopicId?: components["schemas"]["TopicId"];
            MsgPriority?: components["schemas"]["MsgPriority"];
            MsgId?: components["schemas"]["MsgId"];
            /** @description Whom the message mentions. Absent where it mentions nobody, and on the vendor's pages before 2025. */
            GroupAtInfo?: {
                /**
                 * @description 1 where it mentions all members, 0 where it mentions `GroupAt_Account`.
                 * @example 0
                 * @example 1
                 */
                GroupAtAllFlag?: number;
                /**
                 * @description UserID of the member who is mentioned. Absent where all are.
                 * @example otto
                 */
                GroupAt_Account?: string;
            }[];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackAfterRecallMsg": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackAfterRecallMsg";
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"];
            Operator_Account?: components["schemas"]["OperatorAccount"];
            /** @description The messages that were recalled, named by their numbers in the group, or in the topic. */
            MsgSeqList?: {
                /**
                 * @description The `MsgSeq` that the message had when it was sent.
                 * @example 130
                 */
                MsgSeq?: number;
            }[];
            /**
             * @description Id of the topic that the message belongs to. Only in community groups with topics; absent for a message to the
             *     group itself.
             */
            TopicId?: components["schemas"]["TopicId"];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackAfterReadReceipt": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackAfterReadReceipt";
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"];
            /** @description The messages and who has read them. */
            GroupMsgReceiptList?: {
                /**
                 * @description The `MsgSeq` that the message had when it was sent.
                 * @example 1
                 */
                MsgSeq?: number;
                /**
                 * @description How many members have read it.
                 * @example 1
                 */
                ReadNum?: number;
                /**
                 * @description How many have not.
                 * @example 6
                 */
                UnreadNum?: number;
                /** @description The members who have read it now. Absent means the same as an empty list. */
                ReadReceiptMembers?: components["schemas"]["MemberList"];
            }[];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackAfterGroupMsgExtension": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackAfterGroupMsgExtension";
            GroupId: components["schemas"]["GroupId"];
            /**
             * @description The `MsgSeq` that the message had when it was sent.
             * @example 12
             */
            MsgSeq?: number;
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
            OperateType: number;
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
                Value?: string;
                /**
                 * @description Number of the last change of this extension. It grows with each change.
                 * @example 4
                 */
                Seq?: number;
            }[];
            /**
             * @description Number of the last change of any extension of the message. It grows with each change.
             * @example 4
             */
            Seq?: number;
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackSendMsgException": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackSendMsgException";
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"];
            /**
             * @description UserID of the sender of the message.
             * @example jared
             */
            From_Account?: string;
            /**
             * @description UserID of the account that asked for the message to be sent: the sender, or the app's administrator who sends in
             *     the name of `From_Account`. `@TLS#NOT_FOUND` also occurs.
             */
            Operator_Account?: components["schemas"]["OperatorAccount"];
            Random?: components["schemas"]["MsgRandom"];
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"];
            MsgBody?: components["schemas"]["MsgBody"];
            CloudCustomData?: components["schemas"]["CloudCustomData"];
            MsgPriority?: components["schemas"]["MsgPriority"];
            /**
             * @description Why it was not delivered, a code of the vendor, see [Error
             *     Codes](https://www.tencentcloud.com/document/product/1047/34348).
             * @example 10023
             */
            ErrorCode?: number;
            /**
             * @description The same in words.
             * @example msg count exceeds limit, please retry later
             */
            ErrorInfo?: string;
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackAfterGroupInfoChanged": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackAfterGroupInfoChanged";
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"];
            Operator_Account?: components["schemas"]["OperatorAccount"];
            /**
             * @description The name, as it is now. Absent when it did not change; empty when it was removed.
             * @example NewName
             */
            Name?: string;
            /** @description The introduction, as it is now. Absent when it did not change; empty when it was removed. */
            Introduction?: string;
            /**
             * @description The announcement, as it is now. Absent when it did not change; empty when it was removed.
             * @example NewNotification
             */
            Notification?: string;
            /**
             * @description URL of the picture, as it is now. Absent when it did not change; empty when it was removed. Its form is not
             *     checked.
             * @example https://example.com/face.png
             */
            FaceUrl?: string;
            /**
             * @description The custom fields that changed, as they are now: a key that is missing here keeps its value. Absent when none
             *     changed. Callbacks about custom fields are switched on by a ticket to the vendor.
             */
            UserDefinedDataList?: components["schemas"]["CustomFields"];
            EventTime?: components["schemas"]["EventTime"];
        };
        /**
         * After a group's owner is changed
         * @description A group has another owner. The callback comes after the fact: the reply changes nothing in the chat.
         *
         *     Vendor's page: [Callback After the Group Owner Is Changed](https://www.tencentcloud.com/document/product/1047/60396).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Group.CallbackAfterChangeGroupOwner": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackAfterChangeGroupOwner";
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"];
            Operator_Account?: components["schemas"]["OperatorAccount"];
            /**
             * @description UserID of the owner until now. Absent or empty where there was none.
             * @example user1
             */
            OldOwner_Account?: string;
            /**
             * @description UserID of the owner from now on.
             * @example user2
             */
            NewOwner_Account: string;
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackAfterMemberFieldChanged": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackAfterMemberFieldChanged";
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"];
            Operator_Account?: components["schemas"]["OperatorAccount"];
            /**
             * @description UserID of the member whose profile was changed.
             * @example 123456
             */
            Member_Account?: string;
            /**
             * @description The same under another name.
             * @example 123456
             */
            Modified_Account?: string;
            /**
             * @description The role, as it is now: `Admin` or `Member`. Absent when it did not change. An open set: other values are taken.
             * @example Admin
             * @example Member
             */
            Role?: string;
            /**
             * @description The name that the member has in this group, as it is now. Absent when it did not change; empty when it was
             *     removed.
             * @example jacky
             */
            NameCard?: string;
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackAfterGroupAttrChanged": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackAfterGroupAttrChanged";
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"];
            Operator_Account?: components["schemas"]["OperatorAccount"];
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
                value?: string;
            }[];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackAfterGroupFull": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackAfterGroupFull";
            GroupId: components["schemas"]["GroupId"];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackAfterGroupDestroyed": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackAfterGroupDestroyed";
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"];
            /**
             * @description UserID of the owner that the group had. Absent where it had none.
             * @example leckie
             */
            Owner_Account?: string;
            /**
             * @description The name that the group had.
             * @example MyFirstGroup
             */
            Name?: string;
            /** @description The members that it had at the end. Never there for a `Community`; absent says nothing about how many there were. */
            MemberList?: components["schemas"]["MemberList"];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackOnMemberStateChange": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackOnMemberStateChange";
            GroupId: components["schemas"]["GroupId"];
            /**
             * @description `Online` or `Offline`. An open set: other values are taken.
             * @example Online
             * @example Offline
             */
            EventType?: string;
            /**
             * @description Why: `HeartbeatInterrupt` and `HeartbeatRecover` for a connection that was lost and is back, `Join` for the first entry
             *     of a member, `Quit` for its last exit. Only on newer pages of the vendor; absent otherwise. An open set.
             * @example HeartbeatInterrupt
             * @example HeartbeatRecover
             * @example Join
             * @example Quit
             */
            EventCause?: string;
            /** @description The members whose state changed. Absent means the same as an empty list. */
            MemberList?: components["schemas"]["MemberList"];
            /**
             * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z: an integer or a string of digits.
             *
             *     **Decided:** only the newest page of the vendor has it, and it was never seen in traffic. It is taken where it
             *     comes. Without it a repeat cannot be told from the next change, and both are kept.
             */
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Group.CallbackBeforeCreateTopic": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackBeforeCreateTopic";
            Operator_Account?: components["schemas"]["OperatorAccount"];
            /** @description The type of the group: `Community`, the only one that has topics. An open set: other values are taken. */
            Type?: components["schemas"]["GroupType"];
            /**
             * @description The name of the topic, in any script. No length is enforced.
             * @example MyFirstTopic
             */
            Name?: string;
        };
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
        "Group.CallbackAfterCreateTopic": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackAfterCreateTopic";
            GroupId: components["schemas"]["GroupId"];
            TopicId: components["schemas"]["TopicId"];
            Operator_Account?: components["schemas"]["OperatorAccount"];
            /**
             * @description UserID of the topic's owner.
             * @example leckie
             */
            Owner_Account?: string;
            /** @description The type of the group: `Community`, the only one that has topics. An open set: other values are taken. */
            Type?: components["schemas"]["GroupType"];
            /**
             * @description The name of the topic, in any script. No length is enforced.
             * @example MyFirstTopic
             */
            Name?: string;
            UserDefinedDataList?: components["schemas"]["CustomFields"];
        };
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
        "Group.CallbackAfterTopicInfoChanged": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackAfterTopicInfoChanged";
            GroupId: components["schemas"]["GroupId"];
            /** @description Id of the topic. Not on the vendor's page. */
            TopicId?: components["schemas"]["TopicId"];
            /** @description The type of the group: `Community`, the only one that has topics. An open set: other values are taken. */
            Type?: components["schemas"]["GroupType"];
            Operator_Account?: components["schemas"]["OperatorAccount"];
            /**
             * @description The name, as it is now. Absent when it did not change.
             * @example NewTopic
             */
            Name?: string;
            /** @description The introduction, as it is now. Absent when it did not change; empty when it was removed. */
            Introduction?: string;
            /** @description The announcement, as it is now. Absent when it did not change; empty when it was removed. */
            Notification?: string;
            /**
             * @description URL of the picture, as it is now. Absent when it did not change; empty when it was removed. Its form is not
             *     checked.
             * @example https://example.com/topic.png
             */
            FaceUrl?: string;
        };
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
        "Group.CallbackAfterTopicDestroyed": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackAfterTopicDestroyed";
            GroupId: components["schemas"]["GroupId"];
            /** @description The type of the group: `Community`, the only one that has topics. An open set: other values are taken. */
            Type?: components["schemas"]["GroupType"];
            /**
             * @description The topics that are gone.
             *
             *     **Decided:** the vendor's table calls it a string, its sample is a list of strings. The sample is believed.
             */
            TopicIdList: components["schemas"]["TopicId"][];
        };
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
        "Group.CallbackOnDailyGroupQuotaAlarm": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Group.CallbackOnDailyGroupQuotaAlarm";
            /**
             * @description How many groups the app has gained today.
             * @example 7321
             */
            QuotaUsed?: number;
            /**
             * @description How many it may gain in a day.
             * @example 10000
             */
            Quota?: number;
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "State.StateChange": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "State.StateChange";
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
                Reason?: string;
                /**
                 * @description The status text that the user set. Absent unless `Action` is `CustomStatusChange`.
                 *
                 *     **Decided:** no sample of the vendor shows it, and its table can be read as either place: it is taken here and
                 *     beside `Info`.
                 * @example on holiday
                 */
                CustomStatus?: string;
            };
            /**
             * @description The same as `Info.CustomStatus`, in the other place where it may stand. Absent otherwise.
             * @example on holiday
             */
            CustomStatus?: string;
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
                Platform?: string;
            }[];
            /**
             * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z: an integer or a string of digits.
             *
             *     **Decided:** documented since 2021, and absent from all traffic that is known. Without it the moment of arrival stands
             *     in, and a repeat cannot be told from the next change: both are kept.
             */
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Profile.CallbackPortraitSet": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Profile.CallbackPortraitSet";
            /** @description UserID of the account that asked for the change, the user itself or the app's administrator. */
            Operator_Account?: components["schemas"]["OperatorAccount"];
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
                Value?: string | number;
            }[];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Sns.CallbackFriendAdd": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Sns.CallbackFriendAdd";
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
                Initiator_Account?: string;
            }[];
            /**
             * @description What the client asked for: `friend_add` or `FriendAdd` for adding, `friend_response` or `FriendResponse` for accepting a
             *     request. Both spellings occur. An open set: other values are taken.
             * @example friend_add
             * @example FriendAdd
             * @example friend_response
             * @example FriendResponse
             */
            ClientCmd?: string;
            /**
             * @description UserID of the app's administrator who asked for it through the REST API. Empty where a client did.
             * @example
             * @example administrator
             */
            Admin_Account?: string;
            /**
             * @description 1 where the friendship was added by force, without asking the friend, otherwise 0. Absent means 0.
             * @example 0
             * @example 1
             */
            ForceFlag?: number;
        };
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
        "Sns.CallbackFriendDelete": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Sns.CallbackFriendDelete";
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
        "Sns.CallbackBlackListAdd": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Sns.CallbackBlackListAdd";
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
        "Sns.CallbackBlackListDelete": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Sns.CallbackBlackListDelete";
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
        "Follow.CallbackAfterFollowAdd": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Follow.CallbackAfterFollowAdd";
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
            }[];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Follow.CallbackAfterFollowDelete": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Follow.CallbackAfterFollowDelete";
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
            })[];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Alert.RequestOverLimit": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Alert.RequestOverLimit";
            /**
             * @description The service, the first of the two parts of the endpoint's path.
             * @example openim
             */
            ServiceName?: string;
            /**
             * @description The command of the service, the second part of the path. Not the `CallbackCommand`.
             * @example batchsendmsg
             */
            Command?: string;
            /**
             * @description How many calls a second there are. It may be above `Limit`, as in the vendor's own sample: the calls beyond are then
             *     refused by the vendor.
             * @example 170
             */
            Request?: number;
            /**
             * @description How many calls a second there may be.
             * @example 200
             */
            Limit?: number;
        };
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
        "C2C.CallbackAfterSendMsg": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "C2C.CallbackAfterSendMsg";
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
            MsgSeq?: components["schemas"]["C2CMsgSeq"];
            MsgRandom?: components["schemas"]["MsgRandom"];
            /**
             * @description When the message was sent, in SECONDS since 1970-01-01T00:00:00Z, unlike `EventTime`. Messages of a conversation
             *     are in the order of `MsgTime`, those of one second in that of `MsgSeq`.
             */
            MsgTime?: components["schemas"]["MsgTime"];
            MsgKey?: components["schemas"]["MsgKey"];
            /**
             * @description Id of the message at the client that sent it: `<digits>-<seconds>-<digits>`. Its form is not checked. Only the
             *     vendor's mainland pages have it; absent otherwise.
             */
            MsgId?: components["schemas"]["MsgId"];
            /**
             * @description 1 where the message goes to the receiver only while online and is not kept by the chat, otherwise 0. Absent means
             *     0.
             */
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"];
            SendMsgResult?: components["schemas"]["SendMsgResult"];
            ErrorInfo?: components["schemas"]["SendErrorInfo"];
            /**
             * @description How many one-to-one messages of all conversations the receiver has not read; -1 where the message was not
             *     delivered.
             *
             *     **Decided:** optional. The vendor's international page has it; the mainland's sample no longer does.
             */
            UnreadMsgNum?: components["schemas"]["UnreadMsgNum"];
            MsgBody?: components["schemas"]["MsgBody"];
            CloudCustomData?: components["schemas"]["CloudCustomData"];
            SyncOtherMachine?: components["schemas"]["SyncOtherMachine"];
            SupportMessageExtension?: components["schemas"]["SupportMessageExtension"];
            /**
             * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z.
             *
             *     **Decided:** the vendor's mainland page has the field, its international page has not, so it is optional. Without
             *     it the moment of arrival stands in, and an equal body is a repeat if it has `MsgKey`.
             */
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "C2C.CallbackAfterMsgReport": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "C2C.CallbackAfterMsgReport";
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
            LastReadTime?: number;
            /**
             * @description How many one-to-one messages of all conversations `Report_Account` has not read.
             *
             *     **Decided:** optional. The vendor's international page has it; the mainland's sample no longer does.
             */
            UnreadMsgNum?: components["schemas"]["UnreadMsgNum"];
            /**
             * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z.
             *
             *     **Decided:** the vendor's mainland page has the field, its international page has not, so it is optional. Without
             *     it the moment of arrival stands in, and an equal body is a repeat if it has `LastReadTime`: it says nothing that
             *     the first did not say.
             */
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "C2C.CallbackAfterMsgWithDraw": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "C2C.CallbackAfterMsgWithDraw";
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
            MsgKey?: components["schemas"]["MsgKey"];
            /**
             * @description How many one-to-one messages of all conversations the receiver has not read.
             *
             *     **Decided:** optional. The vendor's international page has it, the mainland's has not.
             */
            UnreadMsgNum?: components["schemas"]["UnreadMsgNum"];
            /**
             * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z.
             *
             *     **Decided:** the vendor's mainland page has the field, its international page has not, so it is optional. Without
             *     it the moment of arrival stands in, and an equal body is a repeat if it has `MsgKey`.
             */
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "C2C.CallbackAfterC2CMsgExtension": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "C2C.CallbackAfterC2CMsgExtension";
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
            MsgKey?: components["schemas"]["MsgKey"];
            /**
             * @description What was done: 1, pairs were set; 2, pairs were removed; 3, all pairs were removed. An open set: other values are
             *     taken.
             * @example 1
             * @example 2
             * @example 3
             */
            OperateType?: number;
            /** @description The pairs that changed, as they are now. Empty where all were removed. Absent and empty mean the same. */
            ExtensionList?: {
                /**
                 * @description Name of the pair, unique for the message.
                 * @example vote
                 */
                Key?: string;
                /**
                 * @description The value, as it is now. Empty where the pair was removed.
                 * @example yes
                 */
                Value?: string;
                /**
                 * Format: int64
                 * @description Number of the last change of this pair. The higher one is newer.
                 * @example 4
                 */
                Seq?: number;
            }[];
            /**
             * Format: int64
             * @description Number of the last change of the extension as a whole. The higher one is newer.
             * @example 4
             */
            Seq?: number;
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Bot.OnC2CMessage": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Bot.OnC2CMessage";
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
            MsgSeq?: components["schemas"]["C2CMsgSeq"];
            MsgRandom?: components["schemas"]["MsgRandom"];
            /**
             * @description When the message was sent, in SECONDS since 1970-01-01T00:00:00Z, unlike `EventTime`. Messages of a conversation
             *     are in the order of `MsgTime`, those of one second in that of `MsgSeq`.
             */
            MsgTime?: components["schemas"]["MsgTime"];
            MsgKey?: components["schemas"]["MsgKey"];
            /**
             * @description Id of the message at the client that sent it: `<digits>-<seconds>-<digits>`. Its form is not checked. Only the
             *     vendor's mainland pages have it; absent otherwise.
             */
            MsgId?: components["schemas"]["MsgId"];
            /** @description 1 where the message is not kept by the chat, otherwise 0. Absent means 0. */
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"];
            SendMsgResult?: components["schemas"]["SendMsgResult"];
            ErrorInfo?: components["schemas"]["SendErrorInfo"];
            /**
             * @description How many one-to-one messages of all conversations the receiver has not read.
             *
             *     **Decided:** optional, as in `C2C.CallbackAfterSendMsg`.
             */
            UnreadMsgNum?: components["schemas"]["UnreadMsgNum"];
            MsgBody?: components["schemas"]["MsgBody"];
            CloudCustomData?: components["schemas"]["CloudCustomData"];
            SyncOtherMachine?: components["schemas"]["SyncOtherMachine"];
            SupportMessageExtension?: components["schemas"]["SupportMessageExtension"];
            /**
             * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z.
             *
             *     **Decided:** the vendor's international page has no such field, receivers of its traffic find it in some
             *     callbacks, so it is optional. Without it the moment of arrival stands in, and an equal body is a repeat if it has
             *     `MsgKey`.
             */
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Bot.OnGroupMessage": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Bot.OnGroupMessage";
            GroupId: components["schemas"]["GroupId"];
            Type?: components["schemas"]["GroupType"];
            /**
             * @description UserID of the sender of the message.
             * @example mina
             */
            From_Account?: string;
            /**
             * @description UserID of the account that asked for the message to be sent: the sender, or the app's administrator who sends in
             *     the name of `From_Account`. `@TLS#NOT_FOUND` also occurs.
             */
            Operator_Account?: components["schemas"]["OperatorAccount"];
            Random?: components["schemas"]["MsgRandom"];
            /**
             * @description Number of the message within the group, or within the topic: it names the message when it is recalled or read.
             * @example 123
             */
            MsgSeq?: number;
            MsgTime?: components["schemas"]["MsgTime"];
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"];
            MsgBody?: components["schemas"]["MsgBody"];
            /** @description UserIDs of the chatbots that the message mentions, one or more. Absent and empty mean the same. */
            AtRobots_Account?: string[];
            CloudCustomData?: components["schemas"]["CloudCustomData"];
            /**
             * @description Id of the topic that the message belongs to. Only in community groups with topics; absent for a message to the
             *     group itself.
             */
            TopicId?: components["schemas"]["TopicId"];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "OfficialAccount.CallbackAfterCreateOfficialAccount": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "OfficialAccount.CallbackAfterCreateOfficialAccount";
            Official_Account: components["schemas"]["OfficialAccountId"];
            /**
             * @description UserID of the account that asked for it, usually the app's administrator.
             * @example administrator
             */
            Operator_Account?: string;
            /**
             * @description UserID of the owner. Absent where the account was created without one.
             * @example rosa
             */
            Owner_Account?: string;
            /**
             * @description Name of the official account. Its length is not limited here.
             * @example Corner bakery
             */
            Name?: string;
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "OfficialAccount.CallbackAfterOfficialAccountInfoChanged": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "OfficialAccount.CallbackAfterOfficialAccountInfoChanged";
            Official_Account: components["schemas"]["OfficialAccountId"];
            /**
             * @description UserID of the account that asked for it, usually the app's administrator.
             * @example administrator
             */
            Operator_Account?: string;
            /**
             * @description The name, as it is now. Absent when it did not change.
             * @example Corner bakery
             */
            Name?: string;
            /**
             * @description The introduction, as it is now. Absent when it did not change; empty when it was removed.
             * @example Fresh bread at seven
             */
            Introduction?: string;
            /**
             * @description URL of the picture, as it is now. Absent when it did not change; empty when it was removed. Its form is not
             *     checked.
             * @example https://example.com/bakery.png
             */
            FaceUrl?: string;
            /**
             * @description The organization behind the official account, as it is now. Absent when it did not change; empty when it was
             *     removed.
             * @example Rosa and daughters
             */
            Organization?: string;
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "OfficialAccount.CallbackAfterOfficialAccountDestroyed": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "OfficialAccount.CallbackAfterOfficialAccountDestroyed";
            Official_Account: components["schemas"]["OfficialAccountId"];
            /**
             * @description UserID of the owner that it had. Absent where it had none.
             * @example rosa
             */
            Owner_Account?: string;
            /**
             * @description The name that it had.
             * @example Corner bakery
             */
            Name?: string;
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "OfficialAccount.CallbackAfterAddSubscriber": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "OfficialAccount.CallbackAfterAddSubscriber";
            Official_Account: components["schemas"]["OfficialAccountId"];
            /** @description UserID of the account that asked for it: the subscriber, or the app's administrator for a REST call. */
            Operator_Account?: components["schemas"]["OperatorAccount"];
            /** @description The users who subscribed. Absent and empty mean the same. */
            SubscribeAccountList?: components["schemas"]["SubscriberList"];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "OfficialAccount.CallbackAfterDeleteSubscriber": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "OfficialAccount.CallbackAfterDeleteSubscriber";
            Official_Account: components["schemas"]["OfficialAccountId"];
            /** @description UserID of the account that asked for it: the user who unsubscribed, or the app's administrator for a REST call. */
            Operator_Account?: components["schemas"]["OperatorAccount"];
            /**
             * @description The users who are no longer subscribers. The field is named as in the callback of new ones. Absent and empty mean
             *     the same.
             */
            SubscribeAccountList?: components["schemas"]["SubscriberList"];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "OfficialAccount.CallbackAfterOfficialAccountFull": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "OfficialAccount.CallbackAfterOfficialAccountFull";
            Official_Account: components["schemas"]["OfficialAccountId"];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "OfficialAccount.CallbackAfterSendMsg": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "OfficialAccount.CallbackAfterSendMsg";
            Official_Account: components["schemas"]["OfficialAccountId"];
            MsgKey?: components["schemas"]["MsgKey"];
            MsgTime?: components["schemas"]["MsgTime"];
            /**
             * @description 1 where the message goes only to subscribers who are online and is not kept by the chat, otherwise 0. Absent means
             *     0.
             */
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"];
            MsgBody?: components["schemas"]["MsgBody"];
            CloudCustomData?: components["schemas"]["CloudCustomData"];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "OfficialAccount.CallbackAfterMsgWithDraw": {
            /**
             * @description Says what happened. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "OfficialAccount.CallbackAfterMsgWithDraw";
            Official_Account: components["schemas"]["OfficialAccountId"];
            /** @description The messages that were recalled. */
            WithdrawMsgList?: {
                /** @description The `MsgKey` that the message had when it was sent. Opaque: compare it, do not take it apart. */
                MsgKey?: components["schemas"]["MsgKey"];
            }[];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "C2C.CallbackBeforeSendMsg": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "C2C.CallbackBeforeSendMsg";
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
            MsgSeq?: components["schemas"]["C2CMsgSeq"];
            MsgRandom?: components["schemas"]["MsgRandom"];
            /**
             * @description When the message was sent, in SECONDS since 1970-01-01T00:00:00Z, unlike `EventTime`. Messages of a conversation
             *     are in the order of `MsgTime`, those of one second in that of `MsgSeq`.
             */
            MsgTime?: components["schemas"]["MsgTime"];
            MsgKey?: components["schemas"]["MsgKey"];
            /**
             * @description Id of the message at the client that sent it: `<digits>-<seconds>-<digits>`. Its form is not checked. Only the
             *     vendor's mainland pages have it; absent otherwise.
             */
            MsgId?: components["schemas"]["MsgId"];
            /**
             * @description 1 where the message goes to the receiver only while online and is not kept by the chat, otherwise 0. Absent means
             *     0.
             */
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"];
            MsgBody?: components["schemas"]["MsgBody"];
            CloudCustomData?: components["schemas"]["CloudCustomData"];
            SyncOtherMachine?: components["schemas"]["SyncOtherMachine"];
            SupportMessageExtension?: components["schemas"]["SupportMessageExtension"];
            /**
             * @description When it happened, in milliseconds since 1970-01-01T00:00:00Z.
             *
             *     **Decided:** the vendor's mainland page has the field, its international page and traffic have not, so it is
             *     optional. Without it the moment of arrival stands in, and an equal body is a repeat if it has `MsgKey`.
             */
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Chatbot.OnC2CSignalMessage": {
            /**
             * @description Says what is asked. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Chatbot.OnC2CSignalMessage";
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
            MsgSeq?: components["schemas"]["C2CMsgSeq"];
            MsgRandom?: components["schemas"]["MsgRandom"];
            MsgKey?: components["schemas"]["MsgKey"];
            /**
             * @description What the client sent, usually JSON.
             *
             *     **Decided:** a text, taken as it comes. The vendor's sample escapes the JSON in it twice and is no JSON as printed.
             * @example {"step":"choose"}
             */
            Data?: string;
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "OfficialAccount.CallbackBeforeAddSubscriber": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "OfficialAccount.CallbackBeforeAddSubscriber";
            Official_Account: components["schemas"]["OfficialAccountId"];
            /** @description UserID of the account that asked for it: the subscriber, or the app's administrator for a REST call. */
            Operator_Account?: components["schemas"]["OperatorAccount"];
            /** @description The users who are to subscribe. Absent and empty mean the same. */
            SubscribeAccountList?: components["schemas"]["SubscriberList"];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "OfficialAccount.CallbackBeforeCreateOfficialAccount": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "OfficialAccount.CallbackBeforeCreateOfficialAccount";
            /**
             * @description UserID of the account that asked for it, usually the app's administrator.
             * @example administrator
             */
            Operator_Account?: string;
            /**
             * @description UserID of the owner to be. Absent where the account is created without one.
             * @example rosa
             */
            Owner_Account?: string;
            /**
             * @description Name of the official account to be. Its length is not limited here.
             * @example Corner bakery
             */
            Name?: string;
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "OfficialAccount.CallbackBeforeSendMsg": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "OfficialAccount.CallbackBeforeSendMsg";
            Official_Account: components["schemas"]["OfficialAccountId"];
            /**
             * @description 1 where the message goes only to subscribers who are online and is not kept by the chat, otherwise 0. Absent means
             *     0.
             */
            OnlineOnlyFlag?: components["schemas"]["OnlineOnlyFlag"];
            MsgBody?: components["schemas"]["MsgBody"];
            CloudCustomData?: components["schemas"]["CloudCustomData"];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Sns.CallbackPrevFriendAdd": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Sns.CallbackPrevFriendAdd";
            /**
             * @description UserID of the user who makes the request.
             * @example mina
             */
            Requester_Account?: string;
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
                Remark?: string;
                /**
                 * @description Part of the friend list that the friend is put into, which the answering command calls `TagName`. Absent when
                 *     nothing was set.
                 * @example choir
                 */
                GroupName?: string;
                /**
                 * @description Where the request comes from, `AddSource_Type_` and a word that the app has chosen. Its form is not checked.
                 * @example AddSource_Type_Android
                 */
                AddSource?: string;
                /**
                 * @description What `From_Account` writes to the user who is asked.
                 *
                 *     **Decided:** this text and `Remark` are content: both are what a user wrote, so neither is stored where
                 *     messages are not kept.
                 * @example we sing in the same choir
                 */
                AddWording?: string;
            }[];
            /**
             * @description `Add_Type_Single`: only `From_Account` gains a friend. `Add_Type_Both`: both do. An open set: other values are taken.
             *     Absent means `Add_Type_Both`.
             * @example Add_Type_Both
             * @example Add_Type_Single
             */
            AddType?: string;
            /**
             * @description 1 where the friends are added by force, without asking them, otherwise 0. Absent means 0.
             * @example 0
             * @example 1
             */
            ForceAddFlags?: number;
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "Sns.CallbackPrevFriendResponse": {
            /**
             * @description Says what is about to happen. The query has it, too; a difference between the two is refused. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Sns.CallbackPrevFriendResponse";
            /**
             * @description UserID of the user who makes the request.
             * @example otto
             */
            Requester_Account?: string;
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
                Remark?: string;
                /**
                 * @description Part of the friend list that the friend is put into, which the asking command calls `GroupName`. Absent when
                 *     nothing was set.
                 * @example choir
                 */
                TagName?: string;
                /**
                 * @description The answer. `Response_Action_Agree`: the user who has asked gains a friend. `Response_Action_AgreeAndAdd`: both
                 *     do. `Response_Action_Reject`: nobody does. An open set: other values are taken.
                 * @example Response_Action_AgreeAndAdd
                 * @example Response_Action_Agree
                 * @example Response_Action_Reject
                 */
                ResponseAction?: string;
            }[];
            EventTime?: components["schemas"]["EventTime"];
        };
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
        "ContentCallback.ResultNotify": {
            /**
             * @description The command, by the URL. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "ContentCallback.ResultNotify";
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
            Scene?: string;
            /**
             * @description The app's SDKAppID, as in the query, where it is spelled `SdkAppid`. The vendor's sample has it, its table does not.
             * @example 1400000000
             */
            SdkAppId?: number;
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
                ContactType?: number;
                /**
                 * @description UserID of the receiver. Absent where it went to a group.
                 * @example otto
                 */
                To_Account?: string;
                /**
                 * @description Id of the group. Absent where it went to a user.
                 * @example @TGS#2J4SZEAEL
                 */
                ToGroupId?: string;
            };
            /**
             * @description Kind of the content.
             * @example Text
             * @example Image
             * @example Audio
             * @example Video
             */
            ContentType?: string;
            /**
             * @description The texts that were moderated; several for a custom message. Only with `ContentType` `Text`.
             *
             *     **Decided:** a list or a text. An older table of the vendor says text, its sample and the newer table have a list.
             */
            TextContent?: string[] | string;
            /**
             * @description URL of the file that was moderated. Only where `ContentType` is not `Text`.
             * @example https://files.example.com/7f3a.jpg
             */
            FileURL?: string;
            /**
             * @description Of a message between users its `MsgKey`, of a group's message its `MsgSeq`. Absent for everything but messages, and for
             *     a group's message that was stopped.
             * @example 11_22_1767254400
             * @example 1204
             */
            MsgID?: string;
            /**
             * @description 1 where the content was stopped, 0 where it passed.
             * @example 1
             * @example 0
             */
            CtxcbResult?: number;
            /**
             * @description Names this result.
             * @example 5f0c2d3e-9b1a-4c6f-8a57-2f4a7c1e90bd
             */
            CtxcbRequestId?: string;
            /** @description The words that were found in a text. */
            CtxcbKeywords?: string[];
            /**
             * @description What the moderation suggests.
             * @example Block
             * @example Review
             * @example Normal
             */
            CtxcbSuggestion?: string;
            /**
             * @description The kind of violation.
             * @example Ad
             * @example Abuse
             * @example Normal
             */
            CtxcbLabel?: string;
            /**
             * @description The kind of violation, in more detail. Newer than the other fields, and absent from older documents.
             * @example ContactAd
             */
            CtxcbSubLabel?: string;
            /**
             * @description What the sub-label means. Newer than the other fields.
             * @example Advertising with contact data
             */
            CtxcbSubLabelDesc?: string;
            /**
             * @description Name of the app's own word list that was hit. Newer than the other fields.
             * @example own-words
             */
            CtxcbLibName?: string;
            CloudCustomData?: components["schemas"]["CloudCustomData"];
        };
        /**
         * After pushes to many users
         * @description What became of pushes that the app sent to all users, by tag or to single users: 1 to 100 of them in one callback.
         *     The callback comes after the fact: the reply changes nothing in the chat.
         *
         *     Each item of `Events` is delivered to handlers, webhook and stream as a callback of its own. The body does not name the
         *     command: the query and the items do. Its URL has neither `ClientIP` nor `OptPlatform`.
         *
         *     The vendor sends at most 1,000 of these callbacks a second; what is over comes later, so late and repeated callbacks are
         *     normal. An equal body with the `EventTime` of its first item is a repeat.
         *
         *     **Decided:** an item of a command that this contract does not describe is taken, kept, and delivered as unknown. An item
         *     without `CallbackCommand` has that of the query. The number of items is not enforced.
         *
         *     Vendor's page: [All Users / Tags / UserID Push Callback](https://www.tencentcloud.com/document/product/1047/67551).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Push.AllMemberPush": {
            /**
             * @description The command, by the URL. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Push.AllMemberPush";
            /** @description The push events, 1 to 100. */
            Events: (components["schemas"]["OfflinePushEvent"] | components["schemas"]["AllMemberPushEvent"] | components["schemas"]["OtherPushEvent"])[];
        };
        /**
         * After messages are pushed offline
         * @description What became of pushes of chat messages to users whose apps were not connected: 1 to 100 of them in one callback.
         *     The callback comes after the fact: the reply changes nothing in the chat.
         *
         *     Each item of `Events` is delivered to handlers, webhook and stream as a callback of its own. The body does not name the
         *     command: the query and the items do. Its URL has neither `ClientIP` nor `OptPlatform`.
         *
         *     The vendor sends at most 1,000 of these callbacks a second; what is over comes later, so late and repeated callbacks are
         *     normal. An equal body with the `EventTime` of its first item is a repeat.
         *
         *     **Decided:** an item of a command that this contract does not describe is taken, kept, and delivered as unknown. An item
         *     without `CallbackCommand` has that of the query. The number of items is not enforced.
         *
         *     Vendor's page: [Other Push Callbacks](https://www.tencentcloud.com/document/product/1047/67552).
         *
         *     The vendor promises neither order nor that a callback comes only once, and adds fields without notice. Fields that are
         *     not described here are taken and kept with the body as received.
         */
        "Push.OfflinePush": {
            /**
             * @description The command, by the URL. (enum property replaced by openapi-typescript)
             * @enum {string}
             */
            CallbackCommand: "Push.OfflinePush";
            /** @description The push events, 1 to 100. */
            Events: (components["schemas"]["OfflinePushEvent"] | components["schemas"]["AllMemberPushEvent"] | components["schemas"]["OtherPushEvent"])[];
        };
        /**
         * Whether a group may be created
         * @description The reply to `Group.CallbackBeforeCreateGroup`.
         *
         *     Vendor's page: [Before a Group Is Created](https://www.tencentcloud.com/document/product/1047/34368).
         */
        "Group.CallbackBeforeCreateGroup.Reply": {
            ActionStatus: components["schemas"]["DecisionStatus"];
            /**
             * @description - 0: the group may be created.
             *     - 1: it may not; whoever asked gets the vendor's error 10016.
             *     - 10100 to 10200: a code of the app's own. The action is refused, and the client that asked is told the code and
             *       `ErrorInfo`.
             */
            ErrorCode: (0 | 1) | number;
            ErrorInfo: components["schemas"]["DecisionInfo"];
        };
        /**
         * Whether a user may apply
         * @description The reply to `Group.CallbackBeforeApplyJoinGroup`.
         *
         *     Vendor's page: [Before Applying to Join a Group](https://www.tencentcloud.com/document/product/1047/34370).
         */
        "Group.CallbackBeforeApplyJoinGroup.Reply": {
            ActionStatus: components["schemas"]["DecisionStatus"];
            /**
             * @description - 0: the user may apply; where an admin has to approve, that is still needed.
             *     - 1: the user may not; the client gets the vendor's error 10016.
             *     - 10100 to 10200: a code of the app's own. The action is refused, and the client that asked is told the code and
             *       `ErrorInfo`.
             */
            ErrorCode: (0 | 1) | number;
            ErrorInfo: components["schemas"]["DecisionInfo"];
        };
        /**
         * Who may be invited
         * @description The reply to `Group.CallbackBeforeInviteJoinGroup`.
         *
         *     Vendor's page: [Before Inviting a User to a Group](https://www.tencentcloud.com/document/product/1047/34371).
         */
        "Group.CallbackBeforeInviteJoinGroup.Reply": {
            ActionStatus: components["schemas"]["DecisionStatus"];
            /**
             * @description - 0: the users may be invited, all but those in `RefusedMembers_Account`.
             *     - 1: none may; whoever asked gets the vendor's error 10016.
             *     - 10100 to 10200: a code of the app's own. The action is refused, and the client that asked is told the code and
             *       `ErrorInfo`.
             */
            ErrorCode: (0 | 1) | number;
            ErrorInfo: components["schemas"]["DecisionInfo"];
            /**
             * @description UserIDs of those among `DestinationMembers` who are not let in, while the others are. Means something with
             *     `ErrorCode` 0 only. Absent and empty mean that all are let in.
             */
            RefusedMembers_Account?: string[];
        };
        /**
         * Whether a message may be sent
         * @description The reply to `Group.CallbackBeforeSendMsg`.
         *
         *     Vendor's page: [Before Group Message Is Sent](https://www.tencentcloud.com/document/product/1047/34374).
         */
        "Group.CallbackBeforeSendMsg.Reply": {
            ActionStatus: components["schemas"]["DecisionStatus"];
            /**
             * @description - 0: the message is sent; as it came, or with what `MsgBody` and `CloudCustomData` put in its place.
             *     - 1: it is not sent; whoever asked gets the vendor's error 10016.
             *     - 2: it is not sent, and whoever asked is told that it was.
             *     - 10100 to 10200: a code of the app's own. The action is refused, and the client that asked is told the code and
             *       `ErrorInfo`.
             */
            ErrorCode: (0 | 1 | 2) | number;
            ErrorInfo: components["schemas"]["DecisionInfo"];
            /** @description Takes the place of the whole message. Means something with `ErrorCode` 0 only. Absent leaves the message as it came. */
            MsgBody?: WithRequired<components["schemas"]["MsgElement"], "MsgType" | "MsgContent">[];
            /**
             * @description Takes the place of the data that the app attached to the message. Means something with `ErrorCode` 0 only. Absent
             *     leaves it as it came.
             */
            CloudCustomData?: components["schemas"]["CloudCustomData"];
        };
        /**
         * Whether a topic may be created
         * @description The reply to `Group.CallbackBeforeCreateTopic`.
         *
         *     Vendor's page: [Before a Topic Is Created](https://www.tencentcloud.com/document/product/1047/49463).
         */
        "Group.CallbackBeforeCreateTopic.Reply": {
            ActionStatus: components["schemas"]["DecisionStatus"];
            /**
             * @description - 0: the topic may be created.
             *     - 1: it may not; whoever asked gets the vendor's error 10016.
             *     - 10100 to 10200: a code of the app's own. The action is refused, and the client that asked is told the code and
             *       `ErrorInfo`.
             */
            ErrorCode: (0 | 1) | number;
            ErrorInfo: components["schemas"]["DecisionInfo"];
        };
        /**
         * Whether a message may be sent
         * @description The reply to `C2C.CallbackBeforeSendMsg`.
         *
         *     Vendor's page: [Before a One-to-One Message Is Sent](https://www.tencentcloud.com/document/product/1047/34364).
         */
        "C2C.CallbackBeforeSendMsg.Reply": {
            ActionStatus: components["schemas"]["DecisionStatus"];
            /**
             * @description - 0: the message is sent; as it came, or with what `MsgBody` and `CloudCustomData` put in its place.
             *     - 1: it is not sent; whoever asked gets the vendor's error 20006.
             *     - 2: it is not sent, and whoever asked is told that it was.
             *     - 120001 to 130000: a code of the app's own. The action is refused, and the client that asked is told the code and
             *       `ErrorInfo`.
             */
            ErrorCode: (0 | 1 | 2) | number;
            ErrorInfo: components["schemas"]["DecisionInfo"];
            /** @description Takes the place of the whole message. Means something with `ErrorCode` 0 only. Absent leaves the message as it came. */
            MsgBody?: WithRequired<components["schemas"]["MsgElement"], "MsgType" | "MsgContent">[];
            /**
             * @description Takes the place of the data that the app attached to the message. Means something with `ErrorCode` 0 only. Absent
             *     leaves it as it came.
             */
            CloudCustomData?: components["schemas"]["CloudCustomData"];
        };
        /**
         * What the chatbot answers
         * @description The reply to `Chatbot.OnC2CSignalMessage`. It carries the answer.
         *
         *     Vendor's page: [Chatbot Passthrough Message
         *     Callback](https://www.tencentcloud.com/document/product/1047/59057).
         */
        "Chatbot.OnC2CSignalMessage.Reply": {
            ActionStatus: components["schemas"]["DecisionStatus"];
            /**
             * @description - 0: the chatbot gets `RspData`.
             *     - 1: it gets no answer.
             * @enum {integer}
             */
            ErrorCode: 0 | 1;
            /** @description Why there is no answer. Empty with 0. */
            ErrorInfo: components["schemas"]["DecisionInfo"];
            /**
             * @description What the chatbot gets, usually JSON. Ignored, and sent empty, with `ErrorCode` 1.
             * @example {"step":"pay"}
             * @example
             */
            RspData: string;
        };
        /**
         * Who may subscribe
         * @description The reply to `OfficialAccount.CallbackBeforeAddSubscriber`.
         *
         *     Vendor's page: [Before Official Channel Is Subscribed](https://www.tencentcloud.com/document/product/1047/60799).
         */
        "OfficialAccount.CallbackBeforeAddSubscriber.Reply": {
            ActionStatus: components["schemas"]["DecisionStatus"];
            /**
             * @description - 0: the users may subscribe, all but those in `RefusedSubscribers_Account`.
             *     - 1: none may. What whoever asked is told is not documented.
             *
             *     **Decided:** the vendor's page has no code of the app's own for this command, unlike those beside it, so none is
             *     sent.
             * @enum {integer}
             */
            ErrorCode: 0 | 1;
            /** @description Why nobody may subscribe. Empty with 0. */
            ErrorInfo: components["schemas"]["DecisionInfo"];
            /**
             * @description UserIDs of those in `SubscribeAccountList` who may not subscribe, while the others may. Means something with
             *     `ErrorCode` 0 only. Absent and empty mean that all may.
             *
             *     **Decided:** the text of the vendor's page calls the field `RefusedMembers_Account`; its sample and its table have
             *     this name.
             */
            RefusedSubscribers_Account?: string[];
        };
        /**
         * Whether an official account may be created
         * @description The reply to `OfficialAccount.CallbackBeforeCreateOfficialAccount`.
         *
         *     Vendor's page: [Before an Official Channel Is Created](https://www.tencentcloud.com/document/product/1047/60795).
         */
        "OfficialAccount.CallbackBeforeCreateOfficialAccount.Reply": {
            ActionStatus: components["schemas"]["DecisionStatus"];
            /**
             * @description - 0: the official account may be created.
             *     - 1: it may not; whoever asked gets the vendor's error 20006, as the vendor's page has it, although that is the
             *       error of one-to-one messages.
             *     - 120001 to 130000: a code of the app's own. The action is refused, and the client that asked is told the code and
             *       `ErrorInfo`.
             */
            ErrorCode: (0 | 1) | number;
            ErrorInfo: components["schemas"]["DecisionInfo"];
        };
        /**
         * Whether a message may be sent
         * @description The reply to `OfficialAccount.CallbackBeforeSendMsg`.
         *
         *     Vendor's page: [Before an Official Channel Message Is
         *     Sent](https://www.tencentcloud.com/document/product/1047/60803).
         */
        "OfficialAccount.CallbackBeforeSendMsg.Reply": {
            ActionStatus: components["schemas"]["DecisionStatus"];
            /**
             * @description - 0: the message is sent; as it came, or with what `MsgBody` and `CloudCustomData` put in its place.
             *     - 1: it is not sent; whoever asked gets the vendor's error 10016.
             *     - 2: it is not sent, and whoever asked is told that it was.
             *     - 120001 to 130000: a code of the app's own. The action is refused, and the client that asked is told the code and
             *       `ErrorInfo`.
             */
            ErrorCode: (0 | 1 | 2) | number;
            ErrorInfo: components["schemas"]["DecisionInfo"];
            /** @description Takes the place of the whole message. Means something with `ErrorCode` 0 only. Absent leaves the message as it came. */
            MsgBody?: WithRequired<components["schemas"]["MsgElement"], "MsgType" | "MsgContent">[];
            /**
             * @description Takes the place of the data that the app attached to the message. Means something with `ErrorCode` 0 only. Absent
             *     leaves it as it came.
             */
            CloudCustomData?: components["schemas"]["CloudCustomData"];
        };
        /**
         * Who may be added as a friend
         * @description The reply to `Sns.CallbackPrevFriendAdd`. The decision is in `ResultItem`, not in `ErrorCode`.
         *
         *     Vendor's page: [Before a Friend Is Added](https://www.tencentcloud.com/document/product/1047/43468).
         */
        "Sns.CallbackPrevFriendAdd.Reply": {
            ActionStatus: components["schemas"]["DecisionStatus"];
            /**
             * @description Always 0: the callback was handled. It refuses nobody.
             *
             *     **Decided:** with another code the vendor takes the callback as not handled and lets everything through, so none is
             *     sent.
             * @constant
             */
            ErrorCode: 0;
            /**
             * @description Empty, since `ErrorCode` is 0.
             * @example
             */
            ErrorInfo: string;
            /**
             * @description Whether each user may be added.
             *
             *     **Decided:** every `To_Account` of the callback has one entry. The vendor requires the field and does not document
             *     what becomes of users without an entry.
             */
            ResultItem: components["schemas"]["FriendResultList"];
        };
        /**
         * Which friend requests may be answered
         * @description The reply to `Sns.CallbackPrevFriendResponse`. The decision is in `ResultItem`, not in `ErrorCode`.
         *
         *     Vendor's page: [Before a Friend Request Is Responded](https://www.tencentcloud.com/document/product/1047/43467).
         */
        "Sns.CallbackPrevFriendResponse.Reply": {
            ActionStatus: components["schemas"]["DecisionStatus"];
            /**
             * @description Always 0: the callback was handled. It refuses nobody.
             *
             *     **Decided:** with another code the vendor takes the callback as not handled and lets everything through, so none is
             *     sent.
             * @constant
             */
            ErrorCode: 0;
            /**
             * @description Empty, since `ErrorCode` is 0.
             * @example
             */
            ErrorInfo: string;
            /**
             * @description Whether the request of each user may be answered as it is.
             *
             *     **Decided:** every `To_Account` of the callback has one entry. The vendor requires the field and does not document
             *     what becomes of users without an entry.
             */
            ResultItem: components["schemas"]["FriendResultList"];
        };
        /**
         * After a push to many users
         * @description A push that the app sent to all users, by tag or to single users, was sent to a device of one of them, was delivered, or
         *     was clicked: `PushStage` says which. The vendor sends pushes by tag and single pushes under this command, too.
         */
        AllMemberPushEvent: {
            /**
             * @description Says what the item is. Where an item lacks it, the command of the URL counts.
             * @constant
             */
            CallbackCommand: "Push.AllMemberPush";
            /**
             * @description 1 for an offline push, 2 for an online push.
             * @example 1
             * @example 2
             */
            EventType?: number;
            EventTime?: components["schemas"]["PushEventTime"];
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
            TaskId?: string;
            /**
             * Format: int64
             * @description When the app sent the push, in SECONDS since 1970-01-01T00:00:00Z.
             * @example 1767254400
             */
            TaskTime?: number;
            /**
             * @description The app's own id of the push, passed through.
             * @example spring-sale
             */
            DataId?: string;
            PushPlatform?: components["schemas"]["PushPlatform"];
            /**
             * @description The device of an online push, numbered as `PushPlatform`, which is 0 then.
             * @example 1
             * @example 4
             */
            DeviceType?: number;
            PushStage?: components["schemas"]["PushStage"];
            /**
             * @description 0 where the stage was reached; else the error of the push service. It is not named `ErrorCode`.
             * @example 0
             * @example 3001
             */
            ErrCode?: number;
            /**
             * @description The error in words; may be empty.
             * @example OK
             * @example
             */
            ErrInfo?: string;
        };
        /**
         * Format: int64
         * @description Number that the sender's client gave the message; it orders messages of the same second. 32 bits without a sign, so up
         *     to 4,294,967,295: more than a signed 32-bit integer holds. The range is not enforced.
         * @example 48374
         */
        C2CMsgSeq: number;
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
         * @description What the client that asked is told beside a code of the app's own; with the other codes it goes no further. Empty with 0.
         * @example
         * @example Not before 9 o'clock
         */
        DecisionInfo: string;
        /**
         * @description Always `OK`: the callback was handled, whatever the decision is.
         *
         *     **Decided:** the vendor describes the field as "successful" or "failed", and every refusal in its samples has `OK` beside
         *     an `ErrorCode` that is not 0. What a `FAIL` means for the decision it does not say, so none is sent.
         * @constant
         */
        DecisionStatus: "OK";
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
        EventTime: number;
        /** @description What becomes of each user, one entry a user. */
        FriendResultList: {
            /**
             * @description UserID of the user, as the callback has it.
             * @example otto
             */
            To_Account: string;
            /**
             * @description - 0: allowed.
             *     - 38000 to 39000: refused. The code is the app's own; what the client sees of it is not documented.
             */
            ResultCode: 0 | number;
            /**
             * @description Why it is refused. Empty with 0.
             * @example
             * @example closed
             */
            ResultInfo: string;
        }[];
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
            MsgType?: string;
            /**
             * @description What the element holds. Its fields depend on `MsgType`.
             * @example {
             *       "Text": "red packet"
             *     }
             */
            MsgContent?: {
                [key: string]: unknown;
            };
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
        MsgRandom: number;
        /**
         * Format: int64
         * @description When the message was sent, in SECONDS since 1970-01-01T00:00:00Z, unlike `EventTime`.
         * @example 1767254400
         */
        MsgTime: number;
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
             * @constant
             */
            CallbackCommand: "Push.OfflinePush";
            /**
             * @description 1 for a message between two users, 2 for a message in a group.
             * @example 1
             * @example 2
             */
            EventType?: number;
            EventTime?: components["schemas"]["PushEventTime"];
            /**
             * @description UserID of the sender of the message.
             * @example mina
             */
            From_Account?: string;
            /**
             * @description UserID of the receiver of the push.
             * @example otto
             */
            To_Account: string;
            /**
             * @description Id of the group, of a message in a group alone. It is not written `GroupId`, as it is in other families.
             * @example @TGS#2J4SZEAEL
             */
            GroupID?: string;
            MsgKey?: components["schemas"]["MsgKey"];
            /**
             * Format: int64
             * @description Number of the message. In a group, it names the message.
             * @example 1204
             */
            MsgSeq?: number;
            MsgRandom?: components["schemas"]["MsgRandom"];
            MsgTime?: components["schemas"]["MsgTime"];
            /**
             * @description Names the push. Newer than the other fields, and absent from older documents.
             * @example a_b_c
             */
            PushID?: string;
            PushPlatform?: components["schemas"]["PushPlatform"];
            PushStage?: components["schemas"]["PushStage"];
            /**
             * @description 0 where the stage was reached; else the error of the push service. It is not named `ErrorCode`.
             * @example 0
             * @example 3001
             */
            ErrCode?: number;
            /**
             * @description The error in words; may be empty.
             * @example OK
             * @example
             */
            ErrInfo?: string;
        };
        /**
         * @description 1 where the message goes only to members who are online and is not kept by the chat, otherwise 0. Always 0 in an
         *     `AVChatRoom`. Absent means 0.
         * @example 0
         * @example 1
         */
        OnlineOnlyFlag: number;
        /**
         * @description UserID of the account that asked for it. For a REST call this is the app's administrator; `@TLS#NOT_FOUND` also occurs
         *     there.
         * @example group_root
         */
        OperatorAccount: string;
        /**
         * Any other push event
         * @description An item that this contract does not describe. It is kept, and delivered as a callback of an unknown command.
         */
        OtherPushEvent: {
            /** @description Says what the item is. */
            CallbackCommand: string;
        };
        /**
         * Format: int64
         * @description When it happened, in SECONDS since 1970-01-01T00:00:00Z, unlike the `EventTime` of other families.
         * @example 1767254401
         */
        PushEventTime: number;
        /**
         * @description Whose push service: 0 unknown, 1 APNs, 2 Xiaomi, 3 Huawei, 4 FCM, 5 Meizu, 6 OPPO, 7 vivo, 8 Honor. Others may follow.
         * @example 1
         * @example 4
         */
        PushPlatform: number;
        /**
         * @description How far the push is: 1 sent, 2 delivered, 3 clicked.
         * @example 1
         * @example 2
         * @example 3
         */
        PushStage: number;
        /**
         * @description Why the message was not delivered. `send msg succeed` where it was.
         * @example send msg succeed
         */
        SendErrorInfo: string;
        /**
         * @description 0 where the message was delivered, otherwise the vendor's error code; `ErrorInfo` says why.
         * @example 0
         */
        SendMsgResult: number;
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
        SupportMessageExtension: number;
        /**
         * @description By its name, whether the message is synchronized to the sender's other devices. Not on the vendor's pages, seen in
         *     traffic. Usually absent.
         * @example 1
         */
        SyncOtherMachine: number;
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
        UnreadMsgNum: number;
        /**
         * @description The answer to every POST but those that a before-command decides with. The vendor ignores the `ErrorCode` of an
         *     after-callback: it only tells the refusals apart.
         */
        Reply: {
            /**
             * @description `OK` when the callback needs nothing more from the sender, `FAIL` otherwise.
             * @enum {string}
             */
            ActionStatus: "OK" | "FAIL";
            /**
             * @description 0 with `OK`, otherwise the kind of refusal. The vendor reserves 10100 to 10200 for an app's own codes in
             *     group callbacks.
             * @enum {integer}
             */
            ErrorCode: 0 | 10100 | 10101 | 10102 | 10103 | 10104 | 10105 | 10106 | 10107 | 10108;
            /** @description Empty with `OK`, otherwise what was wrong and where, in English. */
            ErrorInfo: string;
        };
    };
    responses: {
        /** @description The request used another method than `GET` or `HEAD`. */
        MethodNotAllowed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "ActionStatus": "FAIL",
                 *       "ErrorCode": 10104,
                 *       "ErrorInfo": "POST is not served here: use GET, HEAD"
                 *     }
                 */
                "application/json": components["schemas"]["Reply"] & {
                    /** @constant */
                    ActionStatus?: "FAIL";
                    /** @constant */
                    ErrorCode?: 10104;
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    receiveCallback: {
        parameters: {
            query: {
                /**
                 * @description The app's SDKAppID. The receiver must check that it is its own: this is the one duty that the vendor's
                 *     page on each callback names.
                 * @example 1400000000
                 */
                SdkAppid: string;
                /**
                 * @description The command: it says which schema the body has. Where the body names another one, the callback is refused.
                 * @example Group.CallbackAfterCreateGroup
                 */
                CallbackCommand: string;
                /**
                 * @description The format of the body.
                 *
                 *     **Decided:** the vendor's sample URL has `json`, its table says `JSON`, and its overview calls the parameter
                 *     optional. Any value is taken, and none: the body is always read as JSON.
                 * @example json
                 */
                contenttype?: string;
                /**
                 * @description Address of the client whose action caused the callback. Some commands come without it, such as
                 *     `Group.CallbackOnMemberStateChange` and `Push.*`. Its form is not checked.
                 * @example 203.0.113.7
                 */
                ClientIP?: string;
                /**
                 * @description Platform of that client. The vendor lists `RESTAPI`, `Web`, `Android`, `iOS`, `Windows`, `Mac`, `iPad` and
                 *     `Unknown`; `IOS`, `IPad`, `macOS`, `Linux` and `Unkown` are sent too. An open set: every value is taken.
                 *     Some commands come without it.
                 * @example iOS
                 */
                OptPlatform?: string;
                /**
                 * @description When the vendor signed the request, in seconds since 1970-01-01T00:00:00Z. Sent together with `Sign`;
                 *     the receiver insists on it only where a token is set.
                 * @example 1669872112
                 */
                RequestTime?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * @description The callback, compact UTF-8 JSON. It does not carry the SDKAppID. The receiver refuses more than
         *     262,144 bytes (`MAX_BODY_BYTES`).
         */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Group.CallbackAfterCreateGroup"] | components["schemas"]["Group.CallbackBeforeCreateGroup"] | components["schemas"]["Group.CallbackBeforeApplyJoinGroup"] | components["schemas"]["Group.CallbackBeforeInviteJoinGroup"] | components["schemas"]["Group.CallbackAfterNewMemberJoin"] | components["schemas"]["Group.CallbackAfterMemberExit"] | components["schemas"]["Group.CallbackBeforeSendMsg"] | components["schemas"]["Group.CallbackAfterSendMsg"] | components["schemas"]["Group.CallbackAfterRecallMsg"] | components["schemas"]["Group.CallbackAfterReadReceipt"] | components["schemas"]["Group.CallbackAfterGroupMsgExtension"] | components["schemas"]["Group.CallbackSendMsgException"] | components["schemas"]["Group.CallbackAfterGroupInfoChanged"] | components["schemas"]["Group.CallbackAfterChangeGroupOwner"] | components["schemas"]["Group.CallbackAfterMemberFieldChanged"] | components["schemas"]["Group.CallbackAfterGroupAttrChanged"] | components["schemas"]["Group.CallbackAfterGroupFull"] | components["schemas"]["Group.CallbackAfterGroupDestroyed"] | components["schemas"]["Group.CallbackOnMemberStateChange"] | components["schemas"]["Group.CallbackBeforeCreateTopic"] | components["schemas"]["Group.CallbackAfterCreateTopic"] | components["schemas"]["Group.CallbackAfterTopicInfoChanged"] | components["schemas"]["Group.CallbackAfterTopicDestroyed"] | components["schemas"]["Group.CallbackOnDailyGroupQuotaAlarm"] | components["schemas"]["State.StateChange"] | components["schemas"]["Profile.CallbackPortraitSet"] | components["schemas"]["Sns.CallbackFriendAdd"] | components["schemas"]["Sns.CallbackFriendDelete"] | components["schemas"]["Sns.CallbackBlackListAdd"] | components["schemas"]["Sns.CallbackBlackListDelete"] | components["schemas"]["Follow.CallbackAfterFollowAdd"] | components["schemas"]["Follow.CallbackAfterFollowDelete"] | components["schemas"]["Alert.RequestOverLimit"] | components["schemas"]["C2C.CallbackAfterSendMsg"] | components["schemas"]["C2C.CallbackAfterMsgReport"] | components["schemas"]["C2C.CallbackAfterMsgWithDraw"] | components["schemas"]["C2C.CallbackAfterC2CMsgExtension"] | components["schemas"]["Bot.OnC2CMessage"] | components["schemas"]["Bot.OnGroupMessage"] | components["schemas"]["OfficialAccount.CallbackAfterCreateOfficialAccount"] | components["schemas"]["OfficialAccount.CallbackAfterOfficialAccountInfoChanged"] | components["schemas"]["OfficialAccount.CallbackAfterOfficialAccountDestroyed"] | components["schemas"]["OfficialAccount.CallbackAfterAddSubscriber"] | components["schemas"]["OfficialAccount.CallbackAfterDeleteSubscriber"] | components["schemas"]["OfficialAccount.CallbackAfterOfficialAccountFull"] | components["schemas"]["OfficialAccount.CallbackAfterSendMsg"] | components["schemas"]["OfficialAccount.CallbackAfterMsgWithDraw"] | components["schemas"]["C2C.CallbackBeforeSendMsg"] | components["schemas"]["Chatbot.OnC2CSignalMessage"] | components["schemas"]["OfficialAccount.CallbackBeforeAddSubscriber"] | components["schemas"]["OfficialAccount.CallbackBeforeCreateOfficialAccount"] | components["schemas"]["OfficialAccount.CallbackBeforeSendMsg"] | components["schemas"]["Sns.CallbackPrevFriendAdd"] | components["schemas"]["Sns.CallbackPrevFriendResponse"] | components["schemas"]["ContentCallback.ResultNotify"] | components["schemas"]["Push.AllMemberPush"] | components["schemas"]["Push.OfflinePush"];
            };
        };
        responses: {
            /**
             * @description Stored; or a repeat of a stored callback; or a command that the contract does not describe, kept; or the
             *     console's probe.
             *
             *     The reply to a before-command decides whether what it announces happens, and may say more than OK: for
             *     each of them `components.schemas` has a schema of the command's name and `.Reply`. A command without one
             *     always gets `ErrorCode` 0.
             */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": (components["schemas"]["Reply"] & {
                        /** @constant */
                        ActionStatus?: "OK";
                        /** @constant */
                        ErrorCode?: 0;
                    }) | components["schemas"]["Group.CallbackBeforeCreateGroup.Reply"] | components["schemas"]["Group.CallbackBeforeApplyJoinGroup.Reply"] | components["schemas"]["Group.CallbackBeforeInviteJoinGroup.Reply"] | components["schemas"]["Group.CallbackBeforeSendMsg.Reply"] | components["schemas"]["Group.CallbackBeforeCreateTopic.Reply"] | components["schemas"]["C2C.CallbackBeforeSendMsg.Reply"] | components["schemas"]["Chatbot.OnC2CSignalMessage.Reply"] | components["schemas"]["OfficialAccount.CallbackBeforeAddSubscriber.Reply"] | components["schemas"]["OfficialAccount.CallbackBeforeCreateOfficialAccount.Reply"] | components["schemas"]["OfficialAccount.CallbackBeforeSendMsg.Reply"] | components["schemas"]["Sns.CallbackPrevFriendAdd.Reply"] | components["schemas"]["Sns.CallbackPrevFriendResponse.Reply"];
                };
            };
            /**
             * @description Not JSON, nested deeper than 100 levels, or against this contract (10100); or the `CallbackCommand` of query
             *     and body differ (10101). Kept as rejected. Also 10100, and nothing is kept: a request that is not HTTP/1.1,
             *     or not complete in time.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reply"] & {
                        /** @constant */
                        ActionStatus?: "FAIL";
                        /** @enum {unknown} */
                        ErrorCode?: 10100 | 10101;
                    };
                };
            };
            /**
             * @description A token is set, and `Sign` is missing or wrong, or `RequestTime` is missing or more than 60 s off. Nothing
             *     is kept.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reply"] & {
                        /** @constant */
                        ActionStatus?: "FAIL";
                        /** @constant */
                        ErrorCode?: 10102;
                    };
                };
            };
            /** @description `SdkAppid` is missing or another app's. Nothing is kept. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reply"] & {
                        /** @constant */
                        ActionStatus?: "FAIL";
                        /** @constant */
                        ErrorCode?: 10103;
                    };
                };
            };
            /** @description The request went to another path than the callback URL's. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reply"] & {
                        /** @constant */
                        ActionStatus?: "FAIL";
                        /** @constant */
                        ErrorCode?: 10104;
                    };
                };
            };
            /** @description The request used another method than `POST`. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reply"] & {
                        /** @constant */
                        ActionStatus?: "FAIL";
                        /** @constant */
                        ErrorCode?: 10104;
                    };
                };
            };
            /** @description The body is over the receiver's limit. Nothing is kept. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reply"] & {
                        /** @constant */
                        ActionStatus?: "FAIL";
                        /** @constant */
                        ErrorCode?: 10105;
                    };
                };
            };
            /**
             * @description The body has a `Content-Encoding` that is not read. `gzip` and `deflate` are read, and count by their size after
             *     inflation. Nothing is kept.
             */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reply"] & {
                        /** @constant */
                        ActionStatus?: "FAIL";
                        /** @constant */
                        ErrorCode?: 10107;
                    };
                };
            };
            /** @description The headers, the URL among them, are over 8 KiB. Nothing is kept. */
            431: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reply"] & {
                        /** @constant */
                        ActionStatus?: "FAIL";
                        /** @constant */
                        ErrorCode?: 10100;
                    };
                };
            };
            /**
             * @description The receiver is mounted into an app behind a body parser that has consumed the body. Nothing is kept; the app's
             *     log names the remedy.
             */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reply"] & {
                        /** @constant */
                        ActionStatus?: "FAIL";
                        /** @constant */
                        ErrorCode?: 10108;
                    };
                };
            };
            /**
             * @description The store cannot take the callback, or not within the 2 s that the vendor waits. It is not stored, or, where
             *     the store was late, may be: sent again it is a repeat then.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reply"] & {
                        /** @constant */
                        ActionStatus?: "FAIL";
                        /** @constant */
                        ErrorCode?: 10106;
                    };
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": {
                        /** @constant */
                        status: "ok";
                    };
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            /**
             * @description The receiver has failed for good, because the thread that writes the database or the spool has ended. The
             *     program exits by itself; where another program runs the receiver, start it again.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "failed"
                     *     }
                     */
                    "application/json": {
                        /** @constant */
                        status: "failed";
                    };
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The store takes callbacks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ready"
                     *     }
                     */
                    "application/json": {
                        /** @constant */
                        status: "ready";
                        /**
                         * @description Only with PostgreSQL: the callbacks that wait on the receiver's machine for the database to come
                         *     back. They are stored durably, and answered OK.
                         */
                        spool?: {
                            /** @description How many there are. */
                            depth: number;
                            /** @description Whether callbacks go there now. */
                            inUse: boolean;
                            /** @description How long the oldest has waited. */
                            oldestSeconds: number;
                        };
                    };
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            /** @description The store does not take callbacks, or the process is shutting down. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "unavailable"
                     *     }
                     */
                    "application/json": {
                        /** @constant */
                        status: "unavailable";
                    };
                };
            };
        };
    };
}
type WithRequired<T, K extends keyof T> = T & {
    [P in K]-?: T[P];
};
