/**
 * The Chinese for English texts of the receiver: problems of the read API, and reasons for failed deliveries. `{…}` is
 * a placeholder for the English text's value. A text without an entry is shown in English.
 */
export const PROBLEMS: readonly (readonly [english: string, chinese: string])[] = [
  ['No group has the id {id}', '没有 ID 为 {id} 的群组'],
  ['No callback has the id {id}', '没有编号为 {id} 的回调'],
  [
    'Nothing is known of the account {account}: no stored callback names it',
    '没有账号 {account} 的信息：已保存的回调都没有提到它',
  ],
  ['The page has no file {file}', '页面没有文件 {file}'],
  ['The callback {id} is accepted: there is nothing to retry', '回调 {id} 已被接受，无需重新判定'],
  [
    'The callback {id} is ignored: send DELETE {path} first, then retry it',
    '回调 {id} 已被忽略：请先取消忽略（DELETE {path}），再重新判定',
  ],
  [
    'The group of callback {id} cannot be rebuilt: some of its callbacks have been deleted (RETENTION_DAYS)',
    '回调 {id} 的群组无法重建：它的部分回调已被删除（RETENTION_DAYS）',
  ],
  [
    'The callback {id} is rejected: retry it first, and it is delivered once it is accepted',
    '回调 {id} 已被拒绝：请先重新判定，接受之后就会投递',
  ],
  [
    '{where} did not answer. Where it asks for client certificates, only who has one can send',
    '{where} 没有应答。如果它要求客户端证书，只有持有证书的一方才能发送',
  ],
  [
    'The reference cannot be read; run npm run generate. The log says more',
    '无法读取参考文档：请运行 npm run generate，详情见日志',
  ],
  ['Nothing is served at {path}; GET / names what is', '{path} 没有内容；可用的内容见 GET /'],
  ['{method} is not served at {path}', '{path} 不支持 {method}'],
  ['The path is not percent-encoded UTF-8', '路径不是经过百分号编码的 UTF-8'],
  [
    'The store is busy (too many searches are running): try again in a few seconds',
    '存储繁忙（正在进行的搜索太多），请过几秒再试',
  ],
  ['The store is busy ({reason}): try again in a few seconds', '存储繁忙（{reason}），请过几秒再试'],
  ['The store did not answer; the log says more', '存储没有响应，详情见日志'],
  [
    'Content-Type ({type}) is not read here: send JSON as application/json',
    '这里不接受 Content-Type（{type}）：请以 application/json 发送 JSON',
  ],
  [
    'The request has no Content-Type: send JSON as application/json',
    '请求没有 Content-Type：请以 application/json 发送 JSON',
  ],
  [
    'The body is over {bytes} bytes: send only the fields that the operation has',
    '请求体超过 {bytes} 字节：请只发送该操作所需的字段',
  ],
  [
    'The body is not read ({reason}): send it as UTF-8, plain or gzip',
    '无法读取请求体（{reason}）：请以 UTF-8 发送，可用 gzip 压缩',
  ],
  [
    'The body is not JSON: send an object with the fields that the operation has',
    '请求体不是 JSON：请发送包含该操作所需字段的对象',
  ],
  [
    'The Host header must be localhost, a loopback address or ADMIN_HOST',
    'Host 请求头必须是 localhost、环回地址或 ADMIN_HOST',
  ],
  ['Another site asks for this in your name: it is refused', '该请求由其他网站以您的名义发出，已被拒绝'],
  [
    'Too many wrong passwords: wait {seconds} s, or send the right one',
    '密码错误次数过多：请等待 {seconds} 秒，或使用正确的密码',
  ],
  ['User admin and ADMIN_PASSWORD are required', '需要用户 admin 和 ADMIN_PASSWORD'],
  [
    'query.cursor ({cursor}) is not a nextCursor of this list: leave it out to start anew',
    'query.cursor（{cursor}）不是此列表的 nextCursor：去掉它即可从头开始',
  ],
  [
    '{field} ({time}) is not a time that can be read: leave leap seconds out',
    '{field}（{time}）不是可读取的时间：请不要使用闰秒',
  ],
  [
    'A process runs the consumer {name}: remove its handlers and restart, then remove it',
    '有进程正在运行消费者 {name}：请先删除它的处理函数并重启，再移除它',
  ],
  [
    'No parked or dead delivery has the id {id}: it may have been delivered meanwhile',
    '没有编号为 {id} 的搁置或已放弃的投递：可能已经投递成功',
  ],
  [
    'No consumer has the name {name}: GET /api/consumers lists them',
    '没有名为 {name} 的消费者：GET /api/consumers 会列出全部消费者',
  ],
  [
    'query has no filter, so that every callback would be ignored: give status, command, family, groupId, account, repeated, since or until',
    'query 没有筛选条件，会忽略全部回调：请给出 status、command、family、groupId、account、repeated、since 或 until',
  ],
  [
    'The vendor cannot be asked: set REST_DOMAIN, REST_ADMIN and REST_KEY as docs/backfill.md says, and start the receiver again',
    '无法询问云端：请按 docs/zh-CN/backfill.md 设置 REST_DOMAIN、REST_ADMIN 和 REST_KEY，然后重启接收端',
  ],
  [
    'the vendor did not answer within {seconds} s: try again later, or use npm run backfill -- --group, which waits longer',
    '云端在 {seconds} 秒内没有应答：请稍后再试，或使用等待时间更长的 npm run backfill -- --group',
  ],
  [
    'There is no public URL to check: set PUBLIC_URL, and start the receiver again',
    '没有可检查的公网 URL：请设置 PUBLIC_URL，然后重启接收端',
  ],
  ['no answer from here: {reason}', '从本机访问没有应答：{reason}'],
  [
    'the answer with status {status} is not that of a receiver of callbacks',
    '状态码为 {status} 的应答不是来自回调接收端',
  ],
  [
    'the receiver there answers {code}: check the path, and what the proxy passes on',
    '该地址的接收端应答 {code}：请检查路径，以及代理转发的内容',
  ],
  ['the vendor does not answer for group {id}', '云端没有给出群组 {id} 的信息'],
];

/** Why deliveries fail, and why a consumer waits. */
export const DELIVERY_PROBLEMS: typeof PROBLEMS = [
  ['{what}; next attempt at {time}', '{what}；下次尝试于 {time}'],
  [
    'the endpoint answered {status}, so nothing is sent to it any more: resume the consumer {name}, on the page or through the admin API, once it wants deliveries again',
    '端点应答 {status}，因此不再向它发送。等它重新需要投递时，请在页面上或通过管理 API 恢复消费者 {name}',
  ],
  [
    'the endpoint answered {status} with a redirect to {origin}: redirects are not followed, so give the URL of the endpoint itself',
    '端点应答 {status}，重定向到 {origin}。接收端不跟随重定向，请填写端点本身的 URL',
  ],
  [
    'the endpoint answered {status}: redirects are not followed, so give the URL of the endpoint itself',
    '端点应答 {status}。接收端不跟随重定向，请填写端点本身的 URL',
  ],
  ['the endpoint answered {status}', '端点应答 {status}'],
  [
    "the endpoint's certificate does not verify, {code}: mend it, or name its authority in NODE_EXTRA_CA_CERTS",
    '端点的证书校验失败，{code}：请修复证书，或在 NODE_EXTRA_CA_CERTS 中指定其颁发机构',
  ],
  ['no answer from the endpoint: {code}', '端点没有应答：{code}'],
  ['TimeoutError: no end within {seconds} s', '{seconds} 秒内没有执行完'],
  [
    'The transaction of process {pid} has been open in {where} for {seconds} s; callbacks after it are delivered once it has ended',
    '进程 {pid} 的事务已在 {where} 中打开 {seconds} 秒，它结束之后才会投递后面的回调',
  ],
  [
    'A transaction has been open in {where} for {seconds} s; callbacks after it are delivered once it has ended',
    '有一个事务已在 {where} 中打开 {seconds} 秒，它结束之后才会投递后面的回调',
  ],
  ['{who} does not answer in time', '{who} 没有及时应答'],
  ['{who} cannot be reached ({reason})', '无法连接 {who}（{reason}）'],
  [
    '{who} refuses the login ({reason}): check user and password in NATS_URL, or NATS_CREDS_FILE',
    '{who} 拒绝登录（{reason}）：请检查 NATS_URL 中的用户名和密码，或 NATS_CREDS_FILE',
  ],
  [
    'The stream {stream} does not take more ({reason}): let consumers catch up and purge it, or raise its limits',
    '流 {stream} 已无法写入（{reason}）：请等消费者赶上后清理它，或提高它的上限',
  ],
  [
    'The stream {stream} is full ({reason}): purge what consumers have read, or raise its limit',
    '流 {stream} 已满（{reason}）：请清理消费者已读的内容，或提高它的上限',
  ],
  [
    "The stream {stream} belongs to the database {store}, and that of this receiver is {own}: set NATS_STREAM to one of this receiver's own, or purge it",
    '流 {stream} 属于数据库 {store}，而本接收端的数据库是 {own}：请把 NATS_STREAM 设为本接收端专用的流，或清空它',
  ],
  ['the connection is lost', '连接已断开'],
  ['there is no connection', '没有连接'],
];
