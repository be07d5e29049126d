/** A text in both languages of the page; `{name}` is a placeholder. */
export interface Wording {
  en: string;
  zh: string;
}

/**
 * The texts for violations, by the JSON Schema keyword that is violated: `body.GroupId (5) must be a string`. Reasons
 * are stored and sent in English; the page looks up the Chinese text by the English one.
 */
export const RULES = {
  type: { en: 'must be {types}', zh: '必须是{types}' },
  const: { en: 'must be {value}', zh: '必须是 {value}' },
  enum: { en: 'must be one of {values}', zh: '必须是以下值之一：{values}' },
  pattern: { en: 'must match the pattern {pattern}', zh: '必须匹配正则表达式 {pattern}' },
  format: { en: 'must have the format {format}', zh: '必须符合格式 {format}' },
  minLength: { en: 'must have at least {count} characters', zh: '至少要有 {count} 个字符' },
  maxLength: { en: 'must have at most {count} characters', zh: '最多只能有 {count} 个字符' },
  minItems: { en: 'must have at least {count} items', zh: '至少要有 {count} 项' },
  maxItems: { en: 'must have at most {count} items', zh: '最多只能有 {count} 项' },
  minProperties: { en: 'must have at least {count} fields', zh: '至少要有 {count} 个字段' },
  maxProperties: { en: 'must have at most {count} fields', zh: '最多只能有 {count} 个字段' },
  uniqueItems: { en: 'must not have an item twice', zh: '不能有重复的项' },
  minimum: { en: 'must be at least {limit}', zh: '不能小于 {limit}' },
  maximum: { en: 'must be at most {limit}', zh: '不能大于 {limit}' },
  exclusiveMinimum: { en: 'must be more than {limit}', zh: '必须大于 {limit}' },
  exclusiveMaximum: { en: 'must be less than {limit}', zh: '必须小于 {limit}' },
  multipleOf: { en: 'must be a multiple of {factor}', zh: '必须是 {factor} 的倍数' },
  anyOf: { en: 'must have one of the forms that the contract describes', zh: '必须是契约所描述的形式之一' },
  oneOf: { en: 'must have exactly one of the forms that the contract describes', zh: '必须恰好是契约所描述的一种形式' },
  not: { en: 'must not be one of {values}', zh: '不能是以下值：{values}' },
} satisfies Record<string, Wording>;

/** Rules without a keyword of their own. */
export const OTHER_RULES = {
  notEmpty: { en: 'must not be empty', zh: '不能为空' },
  numbers: { en: 'must be {numbers}', zh: '必须是 {numbers}' },
  undescribedTag: { en: 'must be a name that the contract describes', zh: '必须是契约所描述的名称' },
  required: { en: 'is required', zh: '是必填项' },
  additional: { en: 'is not a parameter', zh: '不是有效的参数' },
  /** For keywords that none of our schemas uses yet. */
  unworded: { en: 'breaks the rule "{keyword}"', zh: '不符合规则“{keyword}”' },
  tooDeep: { en: 'is nested deeper than {levels} levels', zh: '的嵌套超过 {levels} 层' },
  notJson: { en: 'is not JSON in UTF-8', zh: '不是 UTF-8 编码的 JSON' },
} satisfies Record<string, Wording>;

/** Reasons that do not concern a single value. */
export const REASONS = {
  commandsDiffer: {
    en: 'CallbackCommand is {url} in the URL and {body} in the body',
    zh: 'URL 中的 CallbackCommand 是 {url}，请求体中的是 {body}',
  },
  undescribed: { en: 'the contract does not describe {value}', zh: '契约没有描述 {value}' },
  more: { en: 'and {count} more', zh: '另有 {count} 处' },
} satisfies Record<string, Wording>;

/** The types of the schemas. */
export const TYPES: Readonly<Record<string, Wording>> = {
  string: { en: 'a string', zh: '字符串' },
  integer: { en: 'a whole number', zh: '整数' },
  number: { en: 'a number', zh: '数字' },
  boolean: { en: 'a boolean', zh: '布尔值' },
  array: { en: 'a list', zh: '列表' },
  object: { en: 'an object', zh: '对象' },
  null: { en: 'null', zh: ' null' },
};

/** The contract's patterns in words. */
export const PATTERNS: Readonly<Record<string, Wording>> = {
  '^[0-9]+$': { en: 'must consist of digits', zh: '只能由数字组成' },
  '^[0-9]{1,14}$': { en: 'must consist of 1 to 14 digits', zh: '必须由 1 到 14 位数字组成' },
  '^[ -~]+$': { en: 'must consist of printable ASCII characters', zh: '只能由可打印的 ASCII 字符组成' },
};

export const FORMATS: Readonly<Record<string, Wording>> = {
  'date-time': {
    en: 'must be a date and time, as 2026-01-31T08:00:00Z',
    zh: '必须是日期和时间，例如 2026-01-31T08:00:00Z',
  },
  uuid: { en: 'must be a UUID', zh: '必须是 UUID' },
  'uri-reference': { en: 'must be a URI', zh: '必须是 URI' },
  int32: { en: 'must fit into 32 bits', zh: '不能超出 32 位整数的范围' },
  int64: { en: 'must fit into 64 bits', zh: '不能超出 64 位整数的范围' },
};

/** Placeholders for values that are not shown. */
export const SHOWN_VALUES = {
  list: { en: 'a list', zh: '列表' },
  object: { en: 'an object', zh: '对象' },
  missing: { en: 'missing', zh: '缺失' },
  hidden: { en: 'not shown', zh: '不显示' },
} satisfies Record<string, Wording>;

/** Fills the placeholders of a text. */
export function filled(text: string, values: Readonly<Record<string, unknown>> = {}): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}
