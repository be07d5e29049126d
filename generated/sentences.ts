// generated, run npm run generate

import type { Command } from './commands.ts';

export interface InBoth {
  en: string;
  zh: string;
}

/** By fields, as pointers without the first slash. */
export type Conditions = Record<string, string | number | readonly (string | number)[]>;

/**
 * A sentence. It fits where the fields of `when` have the values, those of `unless` have others, each placeholder of its
 * text has a value, and there is one of its changes.
 */
export interface Form {
  when?: Conditions;
  unless?: Conditions;
  /** Fields, or lists of pairs of name and value, that are told below the sentence. */
  changes?: readonly string[];
  label: InBoth;
  /** `{Name}` is a placeholder for a field, `{One|Other}` for the first that has a value. */
  text: InBoth;
}

/** What the page says of each command. The first form that fits counts, the last one always fits. */
export const SENTENCES = {
  'Group.CallbackAfterCreateGroup': [
    {"label":{"en":"Created","zh":"创建"},"text":{"en":"{Operator_Account} created the group {Name}.","zh":"{Operator_Account} 创建了群组 {Name}。"}},
    {"label":{"en":"Created","zh":"创建"},"text":{"en":"{Operator_Account} created a group.","zh":"{Operator_Account} 创建了群组。"}},
  ],
  'Group.CallbackBeforeCreateGroup': [
    {"label":{"en":"Creation asked for","zh":"请求建群"},"text":{"en":"{Operator_Account} wants to create the group {Name}.","zh":"{Operator_Account} 想创建群组 {Name}。"}},
    {"label":{"en":"Creation asked for","zh":"请求建群"},"text":{"en":"{Operator_Account} wants to create a group.","zh":"{Operator_Account} 想创建群组。"}},
    {"label":{"en":"Creation asked for","zh":"请求建群"},"text":{"en":"A group is about to be created.","zh":"有人想创建群组。"}},
  ],
  'Group.CallbackBeforeApplyJoinGroup': [
    {"label":{"en":"Asks to join","zh":"申请加群"},"text":{"en":"{Requestor_Account} asks to join.","zh":"{Requestor_Account} 申请加入群组。"}},
    {"label":{"en":"Asks to join","zh":"申请加群"},"text":{"en":"A user asks to join the group.","zh":"有用户申请加入群组。"}},
  ],
  'Group.CallbackBeforeInviteJoinGroup': [
    {"label":{"en":"Invitation asked for","zh":"请求邀请"},"text":{"en":"{Operator_Account} wants to invite {DestinationMembers/*/Member_Account}.","zh":"{Operator_Account} 想邀请 {DestinationMembers/*/Member_Account} 入群。"}},
    {"label":{"en":"Invitation asked for","zh":"请求邀请"},"text":{"en":"{Operator_Account} wants to invite users to the group.","zh":"{Operator_Account} 想邀请用户入群。"}},
    {"label":{"en":"Invitation asked for","zh":"请求邀请"},"text":{"en":"Users are about to be invited to the group.","zh":"有人想邀请用户入群。"}},
  ],
  'Group.CallbackAfterNewMemberJoin': [
    {"when":{"JoinType":"Invited"},"label":{"en":"Invited","zh":"受邀"},"text":{"en":"{Operator_Account} invited {NewMemberList/*/Member_Account}.","zh":"{Operator_Account} 邀请 {NewMemberList/*/Member_Account} 加入了群组。"}},
    {"when":{"JoinType":"Apply"},"label":{"en":"Joined","zh":"加入"},"text":{"en":"{NewMemberList/*/Member_Account} joined by applying.","zh":"{NewMemberList/*/Member_Account} 申请后加入了群组。"}},
    {"label":{"en":"Joined","zh":"加入"},"text":{"en":"{NewMemberList/*/Member_Account} joined.","zh":"{NewMemberList/*/Member_Account} 加入了群组。"}},
    {"label":{"en":"Joined","zh":"加入"},"text":{"en":"Users joined the group.","zh":"有用户加入了群组。"}},
  ],
  'Group.CallbackAfterMemberExit': [
    {"when":{"ExitType":"Kicked"},"label":{"en":"Removed","zh":"移出"},"text":{"en":"{Operator_Account} removed {ExitMemberList/*/Member_Account}.","zh":"{Operator_Account} 将 {ExitMemberList/*/Member_Account} 移出了群组。"}},
    {"when":{"ExitType":"Kicked"},"label":{"en":"Removed","zh":"移出"},"text":{"en":"Removed from the group: {ExitMemberList/*/Member_Account}.","zh":"{ExitMemberList/*/Member_Account} 被移出群组。"}},
    {"when":{"ExitType":"Quit"},"label":{"en":"Left","zh":"退群"},"text":{"en":"{ExitMemberList/*/Member_Account} left.","zh":"{ExitMemberList/*/Member_Account} 退出了群组。"}},
    {"label":{"en":"Left","zh":"离开"},"text":{"en":"{ExitMemberList/*/Member_Account} left the group.","zh":"{ExitMemberList/*/Member_Account} 离开了群组。"}},
    {"label":{"en":"Left","zh":"离开"},"text":{"en":"Members left the group.","zh":"有成员离开了群组。"}},
  ],
  'Group.CallbackBeforeSendMsg': [
    {"label":{"en":"Message asked for","zh":"请求发消息"},"text":{"en":"{From_Account} wants to send: {MsgBody}","zh":"{From_Account} 想发送：{MsgBody}"}},
    {"label":{"en":"Message asked for","zh":"请求发消息"},"text":{"en":"{From_Account} wants to send a message.","zh":"{From_Account} 想发送一条消息。"}},
    {"label":{"en":"Message asked for","zh":"请求发消息"},"text":{"en":"A message is about to be sent.","zh":"有消息要发到群组。"}},
  ],
  'Group.CallbackAfterSendMsg': [
    {"label":{"en":"Message","zh":"消息"},"text":{"en":"{From_Account}: {MsgBody}","zh":"{From_Account}：{MsgBody}"}},
    {"label":{"en":"Message","zh":"消息"},"text":{"en":"{From_Account} sent a message.","zh":"{From_Account} 发送了一条消息。"}},
    {"label":{"en":"Message","zh":"消息"},"text":{"en":"A message was sent.","zh":"有一条新消息。"}},
  ],
  'Group.CallbackAfterRecallMsg': [
    {"label":{"en":"Message recalled","zh":"撤回消息"},"text":{"en":"{Operator_Account} recalled messages: {MsgSeqList/*/MsgSeq}","zh":"{Operator_Account} 撤回了消息：{MsgSeqList/*/MsgSeq}"}},
    {"label":{"en":"Message recalled","zh":"撤回消息"},"text":{"en":"{Operator_Account} recalled messages.","zh":"{Operator_Account} 撤回了消息。"}},
    {"label":{"en":"Message recalled","zh":"撤回消息"},"text":{"en":"Messages were recalled.","zh":"有消息被撤回。"}},
  ],
  'Group.CallbackAfterReadReceipt': [
    {"label":{"en":"Read","zh":"已读"},"text":{"en":"{GroupMsgReceiptList/*/ReadReceiptMembers/*/Member_Account} read messages: {GroupMsgReceiptList/*/MsgSeq}","zh":"{GroupMsgReceiptList/*/ReadReceiptMembers/*/Member_Account} 已读消息：{GroupMsgReceiptList/*/MsgSeq}"}},
    {"label":{"en":"Read","zh":"已读"},"text":{"en":"Messages were read: {GroupMsgReceiptList/*/MsgSeq}","zh":"消息已读：{GroupMsgReceiptList/*/MsgSeq}"}},
    {"label":{"en":"Read","zh":"已读"},"text":{"en":"Messages were read.","zh":"消息已读。"}},
  ],
  'Group.CallbackAfterGroupMsgExtension': [
    {"when":{"OperateType":2},"label":{"en":"Extension deleted","zh":"删除扩展"},"text":{"en":"Deleted from the extension of message {MsgSeq}: {ExtensionList/*/Key}","zh":"已删除消息 {MsgSeq} 的扩展：{ExtensionList/*/Key}"}},
    {"when":{"OperateType":3},"label":{"en":"Extension cleared","zh":"清空扩展"},"text":{"en":"The extension of message {MsgSeq} was cleared.","zh":"已清空消息 {MsgSeq} 的扩展。"}},
    {"changes":["ExtensionList"],"label":{"en":"Extension changed","zh":"扩展变更"},"text":{"en":"The extension of message {MsgSeq} was changed:","zh":"消息 {MsgSeq} 的扩展有变化："}},
    {"label":{"en":"Extension changed","zh":"扩展变更"},"text":{"en":"The extension of message {MsgSeq} was changed.","zh":"消息 {MsgSeq} 的扩展有变化。"}},
    {"label":{"en":"Extension changed","zh":"扩展变更"},"text":{"en":"The extension of a message was changed.","zh":"一条消息的扩展有变化。"}},
  ],
  'Group.CallbackSendMsgException': [
    {"label":{"en":"Message failed","zh":"消息失败"},"text":{"en":"A message from {From_Account} failed: {ErrorCode} {ErrorInfo}","zh":"{From_Account} 的消息发送失败：{ErrorCode} {ErrorInfo}"}},
    {"label":{"en":"Message failed","zh":"消息失败"},"text":{"en":"A message from {From_Account} failed: {ErrorCode}","zh":"{From_Account} 的消息发送失败：{ErrorCode}"}},
    {"label":{"en":"Message failed","zh":"消息失败"},"text":{"en":"A message from {From_Account} failed.","zh":"{From_Account} 的消息发送失败。"}},
    {"label":{"en":"Message failed","zh":"消息失败"},"text":{"en":"A message failed.","zh":"一条消息发送失败。"}},
  ],
  'Group.CallbackAfterGroupInfoChanged': [
    {"changes":["Name","Introduction","Notification","FaceUrl","UserDefinedDataList"],"label":{"en":"Changed","zh":"资料变更"},"text":{"en":"{Operator_Account} changed the group:","zh":"{Operator_Account} 修改了群资料："}},
    {"label":{"en":"Changed","zh":"资料变更"},"text":{"en":"{Operator_Account} changed the group.","zh":"{Operator_Account} 修改了群资料。"}},
    {"label":{"en":"Changed","zh":"资料变更"},"text":{"en":"The group was changed.","zh":"群资料有变化。"}},
  ],
  'Group.CallbackAfterChangeGroupOwner': [
    {"label":{"en":"New owner","zh":"转让群主"},"text":{"en":"{Operator_Account} made {NewOwner_Account} the owner in place of {OldOwner_Account}.","zh":"{Operator_Account} 将群主由 {OldOwner_Account} 变更为 {NewOwner_Account}。"}},
    {"label":{"en":"New owner","zh":"转让群主"},"text":{"en":"{NewOwner_Account} is the owner in place of {OldOwner_Account}.","zh":"群主由 {OldOwner_Account} 变更为 {NewOwner_Account}。"}},
    {"label":{"en":"New owner","zh":"转让群主"},"text":{"en":"{NewOwner_Account} is the new owner.","zh":"{NewOwner_Account} 成为新群主。"}},
  ],
  'Group.CallbackAfterMemberFieldChanged': [
    {"changes":["NameCard","Role"],"label":{"en":"Member changed","zh":"成员变更"},"text":{"en":"{Operator_Account} changed the member {Member_Account|Modified_Account}:","zh":"{Operator_Account} 修改了成员 {Member_Account|Modified_Account} 的资料："}},
    {"label":{"en":"Member changed","zh":"成员变更"},"text":{"en":"{Operator_Account} changed the member {Member_Account|Modified_Account}.","zh":"{Operator_Account} 修改了成员 {Member_Account|Modified_Account} 的资料。"}},
    {"label":{"en":"Member changed","zh":"成员变更"},"text":{"en":"{Operator_Account} changed a member.","zh":"{Operator_Account} 修改了群成员的资料。"}},
    {"label":{"en":"Member changed","zh":"成员变更"},"text":{"en":"A member was changed.","zh":"群成员资料有变化。"}},
  ],
  'Group.CallbackAfterGroupAttrChanged': [
    {"when":{"OptionType":"set"},"changes":["GroupAttr"],"label":{"en":"Attributes set","zh":"设置属性"},"text":{"en":"{Operator_Account} set the attributes:","zh":"{Operator_Account} 设置了群属性："}},
    {"when":{"OptionType":"delete"},"label":{"en":"Attributes deleted","zh":"删除属性"},"text":{"en":"{Operator_Account} deleted attributes: {GroupAttr/*/key}","zh":"{Operator_Account} 删除了群属性：{GroupAttr/*/key}"}},
    {"when":{"OptionType":"clear"},"label":{"en":"Attributes cleared","zh":"清空属性"},"text":{"en":"{Operator_Account} cleared the attributes.","zh":"{Operator_Account} 清空了群属性。"}},
    {"changes":["GroupAttr"],"label":{"en":"Attributes changed","zh":"属性变更"},"text":{"en":"{Operator_Account} changed attributes:","zh":"{Operator_Account} 修改了群属性："}},
    {"label":{"en":"Attributes changed","zh":"属性变更"},"text":{"en":"{Operator_Account} changed attributes.","zh":"{Operator_Account} 修改了群属性。"}},
    {"label":{"en":"Attributes changed","zh":"属性变更"},"text":{"en":"Attributes were changed.","zh":"群属性有变化。"}},
  ],
  'Group.CallbackAfterGroupFull': [
    {"label":{"en":"Full","zh":"满员"},"text":{"en":"The group reached its member limit.","zh":"群成员数已达上限。"}},
  ],
  'Group.CallbackAfterGroupDestroyed': [
    {"label":{"en":"Destroyed","zh":"解散"},"text":{"en":"The group {Name} was destroyed.","zh":"群组 {Name} 已解散。"}},
    {"label":{"en":"Destroyed","zh":"解散"},"text":{"en":"The group was destroyed.","zh":"群组已解散。"}},
  ],
  'Group.CallbackOnMemberStateChange': [
    {"when":{"EventType":"Online"},"label":{"en":"Online","zh":"上线"},"text":{"en":"{MemberList/*/Member_Account} came online.","zh":"{MemberList/*/Member_Account} 上线了。"}},
    {"when":{"EventType":"Offline"},"label":{"en":"Offline","zh":"下线"},"text":{"en":"{MemberList/*/Member_Account} went offline.","zh":"{MemberList/*/Member_Account} 下线了。"}},
    {"label":{"en":"State changed","zh":"状态变更"},"text":{"en":"The state of {MemberList/*/Member_Account} changed.","zh":"{MemberList/*/Member_Account} 的状态有变化。"}},
    {"label":{"en":"State changed","zh":"状态变更"},"text":{"en":"Members of the group came online or went offline.","zh":"有群成员上线或下线。"}},
  ],
  'Group.CallbackBeforeCreateTopic': [
    {"label":{"en":"Topic asked for","zh":"请求建话题"},"text":{"en":"{Operator_Account} wants to create the topic {Name}.","zh":"{Operator_Account} 想创建话题 {Name}。"}},
    {"label":{"en":"Topic asked for","zh":"请求建话题"},"text":{"en":"{Operator_Account} wants to create a topic.","zh":"{Operator_Account} 想创建话题。"}},
    {"label":{"en":"Topic asked for","zh":"请求建话题"},"text":{"en":"A topic is about to be created.","zh":"有人想创建话题。"}},
  ],
  'Group.CallbackAfterCreateTopic': [
    {"label":{"en":"Topic created","zh":"创建话题"},"text":{"en":"{Operator_Account} created the topic {Name}.","zh":"{Operator_Account} 创建了话题 {Name}。"}},
    {"label":{"en":"Topic created","zh":"创建话题"},"text":{"en":"The topic {TopicId} was created.","zh":"话题 {TopicId} 已创建。"}},
  ],
  'Group.CallbackAfterTopicInfoChanged': [
    {"changes":["Name","Introduction","Notification","FaceUrl"],"label":{"en":"Topic changed","zh":"话题变更"},"text":{"en":"{Operator_Account} changed the topic {TopicId}:","zh":"{Operator_Account} 修改了话题 {TopicId}："}},
    {"changes":["Name","Introduction","Notification","FaceUrl"],"label":{"en":"Topic changed","zh":"话题变更"},"text":{"en":"{Operator_Account} changed a topic:","zh":"{Operator_Account} 修改了话题："}},
    {"label":{"en":"Topic changed","zh":"话题变更"},"text":{"en":"{Operator_Account} changed a topic.","zh":"{Operator_Account} 修改了话题。"}},
    {"label":{"en":"Topic changed","zh":"话题变更"},"text":{"en":"A topic was changed.","zh":"话题资料有变化。"}},
  ],
  'Group.CallbackAfterTopicDestroyed': [
    {"label":{"en":"Topic deleted","zh":"解散话题"},"text":{"en":"Topics were deleted: {TopicIdList/*}","zh":"话题已解散：{TopicIdList/*}"}},
    {"label":{"en":"Topic deleted","zh":"解散话题"},"text":{"en":"Topics were deleted.","zh":"话题已解散。"}},
  ],
  'Group.CallbackOnDailyGroupQuotaAlarm': [
    {"label":{"en":"Quota","zh":"配额"},"text":{"en":"{QuotaUsed} of today's {Quota} groups are used.","zh":"今日建群配额已用 {QuotaUsed}，共 {Quota}。"}},
    {"label":{"en":"Quota","zh":"配额"},"text":{"en":"The daily quota of new groups runs low.","zh":"今日建群配额即将用完。"}},
  ],
  'State.StateChange': [
    {"when":{"Info/Action":"Login"},"label":{"en":"Connected","zh":"上线"},"text":{"en":"{Info/To_Account} connected; logged out on {KickedDevice/*/Platform}.","zh":"{Info/To_Account} 上线，{KickedDevice/*/Platform} 被踢下线。"}},
    {"when":{"Info/Action":"Login"},"label":{"en":"Connected","zh":"上线"},"text":{"en":"{Info/To_Account} connected.","zh":"{Info/To_Account} 上线了。"}},
    {"when":{"Info/Action":"Logout","Info/Reason":["LinkClose","TimeOut"]},"label":{"en":"Disconnected","zh":"断线"},"text":{"en":"{Info/To_Account} lost the connection.","zh":"{Info/To_Account} 断线了。"}},
    {"when":{"Info/Action":"Logout"},"label":{"en":"Logged out","zh":"登出"},"text":{"en":"{Info/To_Account} logged out.","zh":"{Info/To_Account} 登出了。"}},
    {"when":{"Info/Action":"Disconnect"},"label":{"en":"Disconnected","zh":"断线"},"text":{"en":"{Info/To_Account} lost the connection.","zh":"{Info/To_Account} 断线了。"}},
    {"when":{"Info/Action":"CustomStatusChange"},"label":{"en":"Status set","zh":"设置状态"},"text":{"en":"{Info/To_Account} set the status: {Info/CustomStatus|CustomStatus}","zh":"{Info/To_Account} 设置了自定义状态：{Info/CustomStatus|CustomStatus}"}},
    {"when":{"Info/Action":"CustomStatusChange"},"label":{"en":"Status set","zh":"设置状态"},"text":{"en":"{Info/To_Account} changed the status text.","zh":"{Info/To_Account} 修改了自定义状态。"}},
    {"label":{"en":"State changed","zh":"状态变更"},"text":{"en":"The connection of {Info/To_Account} changed.","zh":"{Info/To_Account} 的连接状态有变化。"}},
  ],
  'Profile.CallbackPortraitSet': [
    {"changes":["ProfileItem"],"label":{"en":"Profile changed","zh":"资料变更"},"text":{"en":"The profile of {From_Account} was changed:","zh":"{From_Account} 的资料有变化："}},
    {"label":{"en":"Profile changed","zh":"资料变更"},"text":{"en":"The profile of {From_Account} was changed.","zh":"{From_Account} 的资料有变化。"}},
  ],
  'Sns.CallbackFriendAdd': [
    {"label":{"en":"Friends added","zh":"添加好友"},"text":{"en":"{PairList/0/From_Account} is now friends with {PairList/*/To_Account}.","zh":"{PairList/0/From_Account} 与 {PairList/*/To_Account} 成为好友。"}},
  ],
  'Sns.CallbackFriendDelete': [
    {"label":{"en":"No longer friends","zh":"删除好友"},"text":{"en":"{PairList/0/From_Account} is no longer friends with {PairList/*/To_Account}.","zh":"{PairList/0/From_Account} 与 {PairList/*/To_Account} 不再是好友。"}},
  ],
  'Sns.CallbackBlackListAdd': [
    {"label":{"en":"Blocked","zh":"拉黑"},"text":{"en":"{PairList/0/From_Account} blocked {PairList/*/To_Account}.","zh":"{PairList/0/From_Account} 拉黑了 {PairList/*/To_Account}。"}},
  ],
  'Sns.CallbackBlackListDelete': [
    {"label":{"en":"Unblocked","zh":"取消拉黑"},"text":{"en":"{PairList/0/From_Account} unblocked {PairList/*/To_Account}.","zh":"{PairList/0/From_Account} 取消拉黑了 {PairList/*/To_Account}。"}},
  ],
  'Follow.CallbackAfterFollowAdd': [
    {"label":{"en":"Followed","zh":"关注"},"text":{"en":"{From_Account} now follows {FollowList/*/To_Account}.","zh":"{From_Account} 关注了 {FollowList/*/To_Account}。"}},
    {"label":{"en":"Followed","zh":"关注"},"text":{"en":"{From_Account} now follows others.","zh":"{From_Account} 关注了他人。"}},
  ],
  'Follow.CallbackAfterFollowDelete': [
    {"label":{"en":"Unfollowed","zh":"取消关注"},"text":{"en":"{From_Account} no longer follows {To_Account/*/To_Account}.","zh":"{From_Account} 取消关注了 {To_Account/*/To_Account}。"}},
    {"label":{"en":"Unfollowed","zh":"取消关注"},"text":{"en":"{From_Account} unfollowed others.","zh":"{From_Account} 取消关注了他人。"}},
  ],
  'Alert.RequestOverLimit': [
    {"label":{"en":"Limit near","zh":"接近限频"},"text":{"en":"{ServiceName}/{Command} is called {Request} times a second, of {Limit} that are allowed.","zh":"{ServiceName}/{Command} 每秒被调用 {Request} 次，上限为 {Limit} 次。"}},
    {"label":{"en":"Limit near","zh":"接近限频"},"text":{"en":"An endpoint of the REST API is called nearly as often as is allowed.","zh":"某个 REST API 的调用频率接近上限。"}},
  ],
  'C2C.CallbackAfterSendMsg': [
    {"unless":{"SendMsgResult":0},"label":{"en":"Message failed","zh":"消息失败"},"text":{"en":"A message from {From_Account} to {To_Account} failed: {SendMsgResult} {ErrorInfo}","zh":"{From_Account} 发给 {To_Account} 的消息发送失败：{SendMsgResult} {ErrorInfo}"}},
    {"unless":{"SendMsgResult":0},"label":{"en":"Message failed","zh":"消息失败"},"text":{"en":"A message from {From_Account} to {To_Account} failed: {SendMsgResult}","zh":"{From_Account} 发给 {To_Account} 的消息发送失败：{SendMsgResult}"}},
    {"label":{"en":"Message","zh":"消息"},"text":{"en":"{From_Account} to {To_Account}: {MsgBody}","zh":"{From_Account} 发给 {To_Account}：{MsgBody}"}},
    {"label":{"en":"Message","zh":"消息"},"text":{"en":"{From_Account} sent {To_Account} a message.","zh":"{From_Account} 给 {To_Account} 发送了一条消息。"}},
  ],
  'C2C.CallbackAfterMsgReport': [
    {"label":{"en":"Read","zh":"已读"},"text":{"en":"{Report_Account} read the messages of {Peer_Account}.","zh":"{Report_Account} 已读 {Peer_Account} 的消息。"}},
  ],
  'C2C.CallbackAfterMsgWithDraw': [
    {"label":{"en":"Message recalled","zh":"撤回消息"},"text":{"en":"A message from {From_Account} to {To_Account} was recalled.","zh":"{From_Account} 发给 {To_Account} 的一条消息已撤回。"}},
  ],
  'C2C.CallbackAfterC2CMsgExtension': [
    {"when":{"OperateType":2},"label":{"en":"Extension deleted","zh":"删除扩展"},"text":{"en":"Deleted from the extension of a message from {From_Account} to {To_Account}: {ExtensionList/*/Key}","zh":"已删除 {From_Account} 发给 {To_Account} 的一条消息的扩展：{ExtensionList/*/Key}"}},
    {"when":{"OperateType":3},"label":{"en":"Extension cleared","zh":"清空扩展"},"text":{"en":"The extension of a message from {From_Account} to {To_Account} was cleared.","zh":"{From_Account} 发给 {To_Account} 的一条消息的扩展已清空。"}},
    {"changes":["ExtensionList"],"label":{"en":"Extension changed","zh":"扩展变更"},"text":{"en":"The extension of a message from {From_Account} to {To_Account} was changed:","zh":"{From_Account} 发给 {To_Account} 的一条消息的扩展有变化："}},
    {"label":{"en":"Extension changed","zh":"扩展变更"},"text":{"en":"The extension of a message from {From_Account} to {To_Account} was changed.","zh":"{From_Account} 发给 {To_Account} 的一条消息的扩展有变化。"}},
  ],
  'Bot.OnC2CMessage': [
    {"unless":{"SendMsgResult":0},"label":{"en":"Message failed","zh":"消息失败"},"text":{"en":"A message from {From_Account} to {To_Account} failed: {SendMsgResult} {ErrorInfo}","zh":"{From_Account} 发给 {To_Account} 的消息发送失败：{SendMsgResult} {ErrorInfo}"}},
    {"unless":{"SendMsgResult":0},"label":{"en":"Message failed","zh":"消息失败"},"text":{"en":"A message from {From_Account} to {To_Account} failed: {SendMsgResult}","zh":"{From_Account} 发给 {To_Account} 的消息发送失败：{SendMsgResult}"}},
    {"label":{"en":"Message to a chatbot","zh":"机器人消息"},"text":{"en":"{From_Account} to {To_Account}: {MsgBody}","zh":"{From_Account} 发给 {To_Account}：{MsgBody}"}},
    {"label":{"en":"Message to a chatbot","zh":"机器人消息"},"text":{"en":"{From_Account} sent the chatbot {To_Account} a message.","zh":"{From_Account} 给机器人 {To_Account} 发送了一条消息。"}},
  ],
  'Bot.OnGroupMessage': [
    {"label":{"en":"Chatbot mentioned","zh":"提及机器人"},"text":{"en":"{From_Account} mentioned {AtRobots_Account/*}: {MsgBody}","zh":"{From_Account} 提及 {AtRobots_Account/*}：{MsgBody}"}},
    {"label":{"en":"Chatbot mentioned","zh":"提及机器人"},"text":{"en":"{From_Account} mentioned {AtRobots_Account/*}.","zh":"{From_Account} 提及了 {AtRobots_Account/*}。"}},
    {"label":{"en":"Chatbot mentioned","zh":"提及机器人"},"text":{"en":"{From_Account} mentioned a chatbot.","zh":"{From_Account} 提及了机器人。"}},
    {"label":{"en":"Chatbot mentioned","zh":"提及机器人"},"text":{"en":"A message mentioned a chatbot.","zh":"有消息提及了机器人。"}},
  ],
  'OfficialAccount.CallbackAfterCreateOfficialAccount': [
    {"label":{"en":"Created","zh":"创建"},"text":{"en":"{Operator_Account} created the official account {Name}.","zh":"{Operator_Account} 创建了公众号 {Name}。"}},
    {"label":{"en":"Created","zh":"创建"},"text":{"en":"The official account {Official_Account} was created.","zh":"公众号 {Official_Account} 已创建。"}},
  ],
  'OfficialAccount.CallbackAfterOfficialAccountInfoChanged': [
    {"changes":["Name","Introduction","FaceUrl","Organization"],"label":{"en":"Changed","zh":"资料变更"},"text":{"en":"{Operator_Account} changed the official account {Official_Account}:","zh":"{Operator_Account} 修改了公众号 {Official_Account} 的资料："}},
    {"changes":["Name","Introduction","FaceUrl","Organization"],"label":{"en":"Changed","zh":"资料变更"},"text":{"en":"The official account {Official_Account} was changed:","zh":"公众号 {Official_Account} 的资料有变化："}},
    {"label":{"en":"Changed","zh":"资料变更"},"text":{"en":"The official account {Official_Account} was changed.","zh":"公众号 {Official_Account} 的资料有变化。"}},
  ],
  'OfficialAccount.CallbackAfterOfficialAccountDestroyed': [
    {"label":{"en":"Deleted","zh":"销毁"},"text":{"en":"The official account {Name} was deleted.","zh":"公众号 {Name} 已销毁。"}},
    {"label":{"en":"Deleted","zh":"销毁"},"text":{"en":"The official account {Official_Account} was deleted.","zh":"公众号 {Official_Account} 已销毁。"}},
  ],
  'OfficialAccount.CallbackAfterAddSubscriber': [
    {"label":{"en":"Subscribed","zh":"订阅"},"text":{"en":"{SubscribeAccountList/*/Subscriber_Account} subscribed to {Official_Account}.","zh":"{SubscribeAccountList/*/Subscriber_Account} 订阅了 {Official_Account}。"}},
    {"label":{"en":"Subscribed","zh":"订阅"},"text":{"en":"Users subscribed to {Official_Account}.","zh":"有用户订阅了 {Official_Account}。"}},
  ],
  'OfficialAccount.CallbackAfterDeleteSubscriber': [
    {"label":{"en":"Unsubscribed","zh":"取消订阅"},"text":{"en":"{SubscribeAccountList/*/Subscriber_Account} unsubscribed from {Official_Account}.","zh":"{SubscribeAccountList/*/Subscriber_Account} 取消订阅了 {Official_Account}。"}},
    {"label":{"en":"Unsubscribed","zh":"取消订阅"},"text":{"en":"Users unsubscribed from {Official_Account}.","zh":"有用户取消订阅了 {Official_Account}。"}},
  ],
  'OfficialAccount.CallbackAfterOfficialAccountFull': [
    {"label":{"en":"Full","zh":"满员"},"text":{"en":"{Official_Account} reached its subscriber limit.","zh":"{Official_Account} 的订阅者数已达上限。"}},
  ],
  'OfficialAccount.CallbackAfterSendMsg': [
    {"label":{"en":"Message","zh":"消息"},"text":{"en":"{Official_Account}: {MsgBody}","zh":"{Official_Account}：{MsgBody}"}},
    {"label":{"en":"Message","zh":"消息"},"text":{"en":"{Official_Account} sent a message.","zh":"{Official_Account} 发送了一条消息。"}},
  ],
  'OfficialAccount.CallbackAfterMsgWithDraw': [
    {"label":{"en":"Message recalled","zh":"撤回消息"},"text":{"en":"{Official_Account} recalled messages: {WithdrawMsgList/*/MsgKey}","zh":"{Official_Account} 撤回了消息：{WithdrawMsgList/*/MsgKey}"}},
    {"label":{"en":"Message recalled","zh":"撤回消息"},"text":{"en":"{Official_Account} recalled messages.","zh":"{Official_Account} 撤回了消息。"}},
  ],
  'C2C.CallbackBeforeSendMsg': [
    {"label":{"en":"Message asked for","zh":"请求发消息"},"text":{"en":"{From_Account} wants to send {To_Account}: {MsgBody}","zh":"{From_Account} 想发给 {To_Account}：{MsgBody}"}},
    {"label":{"en":"Message asked for","zh":"请求发消息"},"text":{"en":"{From_Account} wants to send {To_Account} a message.","zh":"{From_Account} 想给 {To_Account} 发送一条消息。"}},
  ],
  'Chatbot.OnC2CSignalMessage': [
    {"label":{"en":"Data for a chatbot","zh":"机器人透传数据"},"text":{"en":"{From_Account} to {To_Account}: {Data}","zh":"{From_Account} 发给 {To_Account}：{Data}"}},
    {"label":{"en":"Data for a chatbot","zh":"机器人透传数据"},"text":{"en":"{From_Account} sent data to {To_Account}.","zh":"{From_Account} 给 {To_Account} 发送了数据。"}},
    {"label":{"en":"Data for a chatbot","zh":"机器人透传数据"},"text":{"en":"A user sent data to a chatbot.","zh":"有用户给机器人发送了数据。"}},
  ],
  'OfficialAccount.CallbackBeforeAddSubscriber': [
    {"label":{"en":"Subscription asked for","zh":"请求订阅"},"text":{"en":"{SubscribeAccountList/*/Subscriber_Account} want to subscribe to {Official_Account}.","zh":"{SubscribeAccountList/*/Subscriber_Account} 想订阅 {Official_Account}。"}},
    {"label":{"en":"Subscription asked for","zh":"请求订阅"},"text":{"en":"Users want to subscribe to {Official_Account}.","zh":"有用户想订阅 {Official_Account}。"}},
  ],
  'OfficialAccount.CallbackBeforeCreateOfficialAccount': [
    {"label":{"en":"Creation asked for","zh":"请求创建"},"text":{"en":"{Operator_Account} wants to create the official account {Name}.","zh":"{Operator_Account} 想创建公众号 {Name}。"}},
    {"label":{"en":"Creation asked for","zh":"请求创建"},"text":{"en":"{Operator_Account} wants to create an official account.","zh":"{Operator_Account} 想创建公众号。"}},
    {"label":{"en":"Creation asked for","zh":"请求创建"},"text":{"en":"An official account is about to be created.","zh":"有人想创建公众号。"}},
  ],
  'OfficialAccount.CallbackBeforeSendMsg': [
    {"label":{"en":"Message asked for","zh":"请求发消息"},"text":{"en":"{Official_Account} wants to send: {MsgBody}","zh":"{Official_Account} 想发送：{MsgBody}"}},
    {"label":{"en":"Message asked for","zh":"请求发消息"},"text":{"en":"{Official_Account} wants to send a message.","zh":"{Official_Account} 想发送一条消息。"}},
  ],
  'Sns.CallbackPrevFriendAdd': [
    {"label":{"en":"Friendship asked for","zh":"请求加好友"},"text":{"en":"{From_Account} wants to be friends with {FriendItem/*/To_Account}.","zh":"{From_Account} 想添加 {FriendItem/*/To_Account} 为好友。"}},
    {"label":{"en":"Friendship asked for","zh":"请求加好友"},"text":{"en":"Someone wants to add friends.","zh":"有人想添加好友。"}},
  ],
  'Sns.CallbackPrevFriendResponse': [
    {"label":{"en":"Request answered","zh":"回应好友请求"},"text":{"en":"{From_Account} answers the friend requests of {ResponseFriendItem/*/To_Account}.","zh":"{From_Account} 想回应 {ResponseFriendItem/*/To_Account} 的好友请求。"}},
    {"label":{"en":"Request answered","zh":"回应好友请求"},"text":{"en":"Someone answers friend requests.","zh":"有人想回应好友请求。"}},
  ],
  'ContentCallback.ResultNotify': [
    {"when":{"CtxcbResult":1},"label":{"en":"Content stopped","zh":"内容被拦截"},"text":{"en":"The moderation stopped content of {From_Account}: {CtxcbLabel}","zh":"{From_Account} 的内容被审核拦截：{CtxcbLabel}"}},
    {"when":{"CtxcbResult":1},"label":{"en":"Content stopped","zh":"内容被拦截"},"text":{"en":"The moderation stopped content of {From_Account}.","zh":"{From_Account} 的内容被审核拦截。"}},
    {"when":{"CtxcbResult":0},"label":{"en":"Content passed","zh":"内容已通过"},"text":{"en":"The moderation let content of {From_Account} pass.","zh":"{From_Account} 的内容通过了审核。"}},
    {"label":{"en":"Moderation result","zh":"审核结果"},"text":{"en":"Content of {From_Account} was judged by the moderation.","zh":"{From_Account} 的内容已经过审核。"}},
  ],
  'Push.AllMemberPush': [
    {"label":{"en":"Pushes","zh":"推送"},"text":{"en":"Results of pushes came for {Events/*/To_Account}.","zh":"收到 {Events/*/To_Account} 的推送结果。"}},
    {"label":{"en":"Pushes","zh":"推送"},"text":{"en":"Results of pushes to all users, by tag or to single users came.","zh":"收到全员、标签或单推的结果。"}},
  ],
  'Push.OfflinePush': [
    {"label":{"en":"Offline pushes","zh":"离线推送"},"text":{"en":"Results of offline pushes of messages came for {Events/*/To_Account}.","zh":"收到 {Events/*/To_Account} 的消息离线推送结果。"}},
    {"label":{"en":"Offline pushes","zh":"离线推送"},"text":{"en":"Results of offline pushes of messages came.","zh":"收到消息离线推送的结果。"}},
  ],
} satisfies Record<Command, readonly Form[]>;
