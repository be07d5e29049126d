// The Chinese for the texts of src/settings.ts, by the English text: an edit there requires one here.

/** @throws if a text has no Chinese */
export function settingInChinese(text: string): string {
  // A range, a choice, or text that is not prose.
  if (/^\d+ to \d+$/.test(text)) return text.replace(' to ', ' 至 ');
  if (/^[\w-]+(, [\w-]+)* or [\w-]+$/.test(text)) return text.replaceAll(', ', '、').replace(' or ', ' 或 ');
  const chinese = CHINESE[text];
  if (chinese === undefined)
    throw new Error(`scripts/generate/settings-zh.ts has no Chinese for ${JSON.stringify(text)}: say it there`);
  return chinese;
}

export const CHINESE: Readonly<Record<string, string>> = {
  // What a value looks like
  'whole number': '整数',
  text: '文本',
  'text, several with commas': '文本，多个以逗号分隔',
  'address or host name': '地址或主机名',
  path: '路径',
  'sqlite:PATH or postgres://…': 'sqlite:PATH 或 postgres://…',
  'PEM file': 'PEM 文件',
  URL: 'URL',
  'whsec_…, several with commas': 'whsec_…，多个以逗号分隔',
  'commands with commas': '回调命令，以逗号分隔',
  'nats://… or tls://…, several with commas': 'nats://… 或 tls://…，多个以逗号分隔',
  name: '名称',
  file: '文件',
  domain: '域名',
  account: '账号',

  // SDK_APP_ID
  "your app's SDKAppID; unset = a demo": '应用的 SDKAppID；未设置 = 演示模式',
  "Your app's SDKAppID. Unset, this is a demo on loopback.":
    '应用的 SDKAppID。未设置时以演示模式运行，只监听本机回环地址。',

  // CALLBACK_TOKEN
  "authentication token of the vendor's console; several, separated by commas, while rotating; unset = unsigned callbacks are accepted, with a warning; how far `RequestTime` may be from the clock, 1 to 60: a leaked URL can be used for that long":
    '控制台中的鉴权 Token，轮换期间可写多个，以逗号分隔；未设置 = 接受未签名的回调，并给出警告；`RequestTime` 与本机时钟允许相差的秒数，1 至 60：泄露的 URL 在这段时间内可被冒用',
  "The authentication token of the vendor's console; several while rotating. Unset, unsigned callbacks are accepted.":
    '控制台中的鉴权 Token，轮换期间可写多个。未设置时接受未签名的回调。',
  'How far RequestTime may be from the clock.': 'RequestTime 与本机时钟允许相差的秒数。',

  // HOST
  "public listener, of a demo on `127.0.0.1`; the path of the callback URL; that URL as the vendor's console is given it; commands whose absence *Set up* shows, `Group.*` allowed":
    '回调端口的监听地址（演示模式为 `127.0.0.1`）与端口号；回调 URL 的路径；填入控制台的完整回调 URL；应当收到的回调命令，可写 `Group.*`，没有收到的会显示在“接入”页',
  'Where the public listener listens. A demo listens on 127.0.0.1 by default, and on loopback only.':
    '回调端口的监听地址。演示模式默认为 127.0.0.1，且只能监听回环地址。',
  'The port of the public listener. 0 takes a free one.': '回调端口的端口号。0 表示任选一个空闲端口。',
  'The path of the callback URL.': '回调 URL 的路径。',
  'The callback URL as the vendor reaches it, which its console must be given. The page shows and checks it.':
    '腾讯云访问接收端所用的回调 URL，即填入控制台的 URL。管理页面会显示并检查它。',
  "Commands that are ticked in the vendor's console, Group.* allowed: the page says which of them never came.":
    '控制台中勾选的回调命令，可写 Group.*：管理页面会显示其中从未收到的命令。',

  // ADMIN_HOST
  'admin listener; HTTP Basic, user `admin`, with 16 or more random characters: required when `ADMIN_HOST` is not loopback':
    '管理端口；HTTP Basic 认证，用户名 `admin`，密码为 16 个以上的随机字符：`ADMIN_HOST` 不是回环地址时必须设置',
  'Where the admin listener listens: the page and the read API. Elsewhere than on loopback it needs ADMIN_PASSWORD.':
    '管理端口的监听地址，提供管理页面和查询 API。不是回环地址时必须设置 ADMIN_PASSWORD。',
  'The port of the admin listener.': '管理端口的端口号。',
  'The password of the admin listener, user admin.': '管理端口的密码，用户名为 admin。',

  // DATABASE_URL
  'or `postgres://user:password@host/database`: [docs/postgres.md](docs/postgres.md)':
    '或 `postgres://user:password@host/database`：[docs/zh-CN/postgres.md](docs/zh-CN/postgres.md)',
  'Where callbacks are stored: sqlite:PATH, or postgres://USER:PASSWORD@HOST/DATABASE.':
    '保存回调的数据库：sqlite:PATH，或 postgres://USER:PASSWORD@HOST/DATABASE。',

  // TLS_CERT_FILE
  'HTTPS on the public listener; with the CA, client certificates are required: [docs/https.md](docs/https.md)':
    '回调端口使用 HTTPS；设置 CA 后要求客户端证书：[docs/zh-CN/https.md](docs/zh-CN/https.md)',
  'The certificate of the public listener, with its chain.': '回调端口的证书，含证书链。',
  'The private key of TLS_CERT_FILE.': 'TLS_CERT_FILE 的私钥。',
  'Senders need a client certificate of one of these CAs.': '请求方必须持有这些 CA 之一签发的客户端证书。',

  // MAX_BODY_BYTES
  'longest body, also after inflation; `false` = only the envelope of a message is stored':
    '请求体的最大字节数，解压后同样受限；`false` = 不保存消息内容，只保存其余字段',
  'The longest body, also after inflation.': '请求体的最大字节数，解压后同样受限。',
  'With false only the envelope of a message is stored.': '设为 false 时不保存消息内容，只保存其余字段。',

  // RETENTION_DAYS
  'callbacks are deleted this many days after their arrival, groups never; unset = all are kept; callbacks that a consumer has not passed are kept, unless it has not run for this many days':
    '超过此天数的回调会被删除，群组不会；未设置 = 全部保留；消费者尚未处理的回调会保留，除非该消费者未运行的时间超过此天数',
  'Callbacks are deleted this many days after their arrival, groups never. Unset, all are kept.':
    '收到超过此天数的回调会被删除，群组不会。未设置时全部保留。',
  'Callbacks that a consumer has not passed are kept, unless it has not run for this many days.':
    '消费者尚未处理的回调不会被删除，除非该消费者未运行的时间超过此天数。',

  // DECISION_URL
  'endpoint of your app that decides before-callbacks, `https://user:password@host/path`; unset = the rules of `HANDLERS` alone; `allow` or `reject`: the reply to one that was not decided in time':
    '由应用决定事前回调的接口，`https://user:password@host/path`；未设置 = 只用 `HANDLERS` 中的规则；`allow` 或 `reject`：未能及时决定时的应答',
  'The endpoint of your app that decides before-callbacks without a rule.':
    '由应用决定事前回调的接口，用于没有规则的回调。',
  'The reply to a before-callback that was not decided in time.': '事前回调未能及时决定时的应答。',

  // DELIVERY_URL
  'signed webhook of each callback: [docs/webhook.md](docs/webhook.md)':
    '把每个回调以带签名的 Webhook 发出：[docs/zh-CN/webhook.md](docs/zh-CN/webhook.md)',
  'An endpoint that each stored callback is posted to, signed.':
    '接收 Webhook 的端点：每个已保存的回调带签名 POST 到这里。',
  'The secret by which the endpoint checks signatures; several while rotating.':
    '端点据此校验签名的密钥，轮换期间可写多个。',
  'Which commands are posted, Group.* allowed. Unset, all but before-callbacks.':
    '要发送的回调命令，可写 Group.*。未设置时发送事前回调以外的全部命令。',

  // NATS_URL
  'each callback on a stream of NATS JetStream: [docs/stream.md](docs/stream.md)':
    '把每个回调发布到 NATS JetStream 消息流：[docs/zh-CN/stream.md](docs/zh-CN/stream.md)',
  'NATS servers to publish callbacks to.': '发布回调的 NATS 服务器。',
  'The stream, which is created if it does not exist.': '消息流的名称，不存在时自动创建。',
  'Replicas of a stream that is created.': '自动创建消息流时的副本数。',
  'The size limit of a stream that is created, in bytes. A full stream makes the receiver wait.':
    '自动创建消息流时的容量上限（字节）。消息流写满后接收端会等待。',
  'The maximum age of messages in a stream that is created: older ones are dropped, read or not.':
    '自动创建消息流时的消息保留时长：更早的消息无论是否已读都会丢弃。',
  'Credentials of the NATS user, as nsc writes them.': 'NATS 用户的凭证文件，由 nsc 生成。',
  "CA certificates that verify the NATS servers' certificates.": '校验 NATS 服务器证书所用的 CA 证书。',

  // REST_DOMAIN
  "the vendor's REST API, to fill in what callbacks did not report; at this interval, in hours, the groups are compared with the vendor's, and with `repair` corrected: [docs/backfill.md](docs/backfill.md)":
    '即时通信 IM 的 REST API，用于补齐回调没有提供的内容；每隔若干小时把群组与云端核对一次，设为 `repair` 则修复差异：[docs/zh-CN/backfill.md](docs/zh-CN/backfill.md)',
  "The domain of the vendor's REST API for the app's region, such as adminapisgp.im.qcloud.com.":
    '应用所在地域的 REST API 域名，如 adminapisgp.im.qcloud.com。',
  'An administrator account of the app.': '应用的管理员账号。',
  "The app's key, as the vendor's console shows it. It gives full control over the app.":
    '应用的密钥，见控制台。持有密钥即可对应用执行任何操作。',
  "The interval, in hours, at which the groups are compared with the vendor's. Unset, they are not.":
    '每隔多少小时把群组与云端核对一次。未设置时不核对。',
  "How differences are handled: repair updates the groups to match the vendor's.":
    '如何处理差异：repair 使群组与云端一致。',

  // HANDLERS
  "a module with the app's handlers and rules, such as `src/handlers.example.ts`; by default `src/handlers.ts`, if it exists: [docs/decisions.md](docs/decisions.md)":
    '包含应用的处理函数和规则的模块，写法见 `src/handlers.example.ts`；默认为 `src/handlers.ts`（如果存在）：[docs/zh-CN/decisions.md](docs/zh-CN/decisions.md)',
  "A module with the app's handlers and rules. In a clone src/handlers.ts by default, if it exists.":
    '包含应用的处理函数和规则的模块。在源码目录中默认为 src/handlers.ts（如果存在）。',

  // LOG_LEVEL
  '`fatal` `error` `warn` `info` `debug` `trace` `silent`; `info` has a line for each callback, `debug` stacks of errors in `pretty`, the default on a terminal; else `json`':
    '`fatal` `error` `warn` `info` `debug` `trace` `silent`；`info` 每个回调记录一行；在终端默认为 `pretty`，其中 `debug` 才输出错误的堆栈；其他情况为 `json`',
  'What is logged. info has a line for each callback.': '日志级别。info 每个回调记录一行。',
  'pretty is for people, and the default on a terminal; json is the default elsewhere.':
    'pretty 便于人阅读，是终端上的默认值；其他情况默认为 json。',
};
