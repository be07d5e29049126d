/**
 * Redoc's words that none of its options covers: as written in its bundle, how often, and in Chinese. The code around a
 * word distinguishes it from others with the same letters.
 */
export const REDOC_WORDS: readonly { code: string; word: string; times: number; chinese: string }[] = [
  { code: 'placeholder:"Search..."', word: 'Search...', times: 1, chinese: '搜索…' },
  { code: '"aria-label":"Search"', word: 'Search', times: 1, chinese: '搜索' },
  { code: '"Authorizations:"', word: 'Authorizations:', times: 1, chinese: '鉴权：' },
  { code: '" Parameters"', word: ' Parameters', times: 1, chinese: ' 参数' },
  { code: '"Request Body schema: "', word: 'Request Body schema: ', times: 1, chinese: '请求体：' },
  { code: '"Response Schema: "', word: 'Response Schema: ', times: 1, chinese: '应答体：' },
  { code: '" Response Headers "', word: ' Response Headers ', times: 1, chinese: '应答头' },
  { code: 'null,"required"', word: 'required', times: 2, chinese: '必选' },
  { code: 'label:"Payload"', word: 'Payload', times: 1, chinese: '请求体' },
  { code: 'null,"Content type"', word: 'Content type', times: 1, chinese: '媒体类型' },
  { code: 'ariaLabel:"Content type"', word: 'Content type', times: 1, chinese: '媒体类型' },
  { code: 'null,"Example"', word: 'Example', times: 1, chinese: '示例' },
  { code: '"Copied"', word: 'Copied', times: 1, chinese: '已复制' },
  { code: '},"Copy")', word: 'Copy', times: 1, chinese: '复制' },
  { code: '" Expand all "', word: ' Expand all ', times: 1, chinese: ' 全部展开 ' },
  { code: '" Collapse all "', word: ' Collapse all ', times: 1, chinese: ' 全部收起 ' },
  { code: '"Show pattern"', word: 'Show pattern', times: 1, chinese: '显示完整格式' },
  { code: '"Hide pattern"', word: 'Hide pattern', times: 1, chinese: '收起' },
  { code: '"Security Scheme Type: "', word: 'Security Scheme Type: ', times: 1, chinese: '鉴权方式：' },
  { code: '"License:"', word: 'License:', times: 1, chinese: '许可证：' },
  { code: '"URL: "', word: 'URL: ', times: 1, chinese: '网址：' },
];

/** Redoc's own labels, for its option `labels`. */
export const LABELS = {
  enum: '可选值',
  enumSingleValue: '固定值',
  enumArray: '元素可选值',
  default: '默认值',
  deprecated: '已弃用',
  example: '示例',
  examples: '示例',
  recursive: '递归',
  arrayOf: '列表：',
  webhook: '回调',
  const: '固定值',
  noResultsFound: '没有找到',
  download: '下载',
  downloadSpecification: '下载 OpenAPI 文档',
  responses: '应答',
  callbackResponses: '应答',
  requestSamples: '请求示例',
  responseSamples: '应答示例',
};

/** The words of the page around Redoc. */
export const OWN_WORDS = {
  en: {
    title: 'Tencent Chat callbacks: reference',
    name: 'Reference',
    back: 'Back to the callbacks',
    languages: 'Language',
  },
  zh: { title: '腾讯云即时通信 IM 回调：参考文档', name: '参考文档', back: '返回回调页面', languages: '语言' },
};
