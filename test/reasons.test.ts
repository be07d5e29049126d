import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type AnySchemaObject, Ajv2020 as Validator } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import ts from 'typescript';
import adminDocument from '../generated/admin.json' with { type: 'json' };
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { inChinese } from '../src/admin/page/translation.ts';
import { describeViolations, openContract } from '../src/callback/contract.ts';
import { FORMATS, PATTERNS, RULES } from '../src/callback/rule-words.ts';
import { judgeBy } from '../src/receiver/judge.ts';
import { project } from './support/blocks.ts';

const ajv = formats.default(new Validator({ strict: false, allErrors: true, verbose: true, discriminator: true }));
const PAIRS = { required: ['kind'], properties: { kind: { const: 'pair' } }, oneOf: undefined };
const KINDS = {
  type: 'object',
  discriminator: { propertyName: 'kind' },
  required: ['kind'],
  oneOf: [{ ...PAIRS }, { required: ['kind'], properties: { kind: { const: 'group' } } }],
};

/** The schema of a body's field, a value that violates it, and the reason in both languages. */
const VIOLATIONS: [schema: AnySchemaObject, value: unknown, english: string, chinese: string][] = [
  [{ type: 'string' }, 5, 'body.x (5) must be a string', 'body.x（5）必须是字符串'],
  [{ type: 'integer' }, 'a; b', 'body.x ("a; b") must be a whole number', 'body.x（"a; b"）必须是整数'],
  [{ type: 'number' }, true, 'body.x (true) must be a number', 'body.x（true）必须是数字'],
  [{ type: 'boolean' }, 0, 'body.x (0) must be a boolean', 'body.x（0）必须是布尔值'],
  [{ type: 'array' }, {}, 'body.x (an object) must be a list', 'body.x（对象）必须是列表'],
  [{ type: 'object' }, [], 'body.x (a list) must be an object', 'body.x（列表）必须是对象'],
  [{ type: ['string', 'null'] }, 5, 'body.x (5) must be a string or null', 'body.x（5）必须是字符串或 null'],
  [{ const: 'OK' }, 'NO', 'body.x ("NO") must be "OK"', 'body.x（"NO"）必须是 "OK"'],
  [{ const: 0 }, 1, 'body.x (1) must be 0', 'body.x（1）必须是 0'],
  [{ enum: ['a', 'b'] }, 'c', 'body.x ("c") must be one of a, b', 'body.x（"c"）必须是以下值之一：a、b'],
  [
    { pattern: '^[0-9]+$' },
    'a (b) "c\\',
    'body.x ("a (b) \\"c\\\\") must consist of digits',
    'body.x（"a (b) \\"c\\\\"）只能由数字组成',
  ],
  [{ pattern: '^a' }, 'b', 'body.x ("b") must match the pattern ^a', 'body.x（"b"）必须匹配正则表达式 ^a'],
  [
    { format: 'date-time' },
    'now',
    'body.x ("now") must be a date and time, as 2026-01-31T08:00:00Z',
    'body.x（"now"）必须是日期和时间，例如 2026-01-31T08:00:00Z',
  ],
  [{ format: 'email' }, 'b', 'body.x ("b") must have the format email', 'body.x（"b"）必须符合格式 email'],
  [{ minLength: 1 }, '', 'body.x ("") must not be empty', 'body.x（""）不能为空'],
  [{ minLength: 3 }, 'a', 'body.x ("a") must have at least 3 characters', 'body.x（"a"）至少要有 3 个字符'],
  [
    { maxLength: 3 },
    'x'.repeat(70),
    `body.x ("${'x'.repeat(59)}…) must have at most 3 characters`,
    `body.x（"${'x'.repeat(59)}…）最多只能有 3 个字符`,
  ],
  [{ minItems: 2 }, [1], 'body.x (a list) must have at least 2 items', 'body.x（列表）至少要有 2 项'],
  [{ maxItems: 0 }, [1], 'body.x (a list) must have at most 0 items', 'body.x（列表）最多只能有 0 项'],
  [{ minProperties: 1 }, {}, 'body.x (an object) must have at least 1 fields', 'body.x（对象）至少要有 1 个字段'],
  [
    { maxProperties: 0 },
    { a: 1 },
    'body.x (an object) must have at most 0 fields',
    'body.x（对象）最多只能有 0 个字段',
  ],
  [{ uniqueItems: true }, [1, 1], 'body.x (a list) must not have an item twice', 'body.x（列表）不能有重复的项'],
  [{ minimum: 1 }, 0, 'body.x (0) must be at least 1', 'body.x（0）不能小于 1'],
  [{ maximum: 200 }, 500, 'body.x (500) must be at most 200', 'body.x（500）不能大于 200'],
  [{ exclusiveMinimum: 0 }, 0, 'body.x (0) must be more than 0', 'body.x（0）必须大于 0'],
  [{ exclusiveMaximum: 0 }, 1, 'body.x (1) must be less than 0', 'body.x（1）必须小于 0'],
  [{ multipleOf: 5 }, 3, 'body.x (3) must be a multiple of 5', 'body.x（3）必须是 5 的倍数'],
  [
    { anyOf: [{ enum: [0, 1] }, { minimum: 10100, maximum: 10200 }] },
    2,
    'body.x (2) must be 0, 1, or 10100 to 10200',
    'body.x（2）必须是 0、1 或 10100 到 10200',
  ],
  [{ not: { enum: ['a'] } }, 'a', 'body.x ("a") must not be one of a', 'body.x（"a"）不能是以下值：a'],
  [{ contains: { const: 1 } }, [], 'body.x (a list) breaks the rule "contains"', 'body.x（列表）不符合规则“contains”'],
  [{ required: ['y'] }, {}, 'body.x.y is required', 'body.x.y 是必填项'],
  [{ additionalProperties: false }, { y: 1 }, 'body.x.y is not a parameter', 'body.x.y 不是有效的参数'],
  [KINDS, {}, 'body.x.kind is required', 'body.x.kind 是必填项'],
  [KINDS, { kind: 7 }, 'body.x.kind (7) must be a string', 'body.x.kind（7）必须是字符串'],
  [
    KINDS,
    { kind: 'none' },
    'body.x.kind ("none") must be a name that the contract describes',
    'body.x.kind（"none"）必须是契约所描述的名称',
  ],
];

describe('a violation is told in words, in either language', () => {
  test.each(VIOLATIONS)('%j', (schema, value, english, chinese) => {
    const validate = ajv.compile({ properties: { requestBody: { properties: { x: schema } } } });
    expect(validate({ requestBody: { x: value } })).toBe(false);
    // A choice between forms yields the violations of each form.
    const reasons = describeViolations(validate.errors ?? []).split(/; (?=body\.x)/);
    expect(reasons).toContain(english);
    expect(inChinese(english)).toBe(chinese);
  });

  test('several are one after the other, and what is hidden stays so', () => {
    const validate = ajv.compile({ properties: { requestBody: { required: [...'abcdef'] } } });
    validate({ requestBody: {} });
    const reason = describeViolations(validate.errors ?? []);
    expect(reason).toMatch(/^body\.a is required; .*; and 1 more$/);
    expect(inChinese(reason)).toMatch(/^body\.a 是必填项；.*；另有 1 处$/);
    expect(inChinese('body.MsgBody (not shown) must be a list')).toBe('body.MsgBody（不显示）必须是列表');
    expect(inChinese('body.x must be whatever this is')).toBeNull();
    expect(inChinese('')).toBeNull();
  });

  test('no keyword, pattern or format of our schemas is left to the validator', () => {
    const found = { keywords: new Set<string>(), patterns: new Set<string>(), formats: new Set<string>() };
    for (const document of [callbackDocument, adminDocument]) collect(document, found);
    // These keywords yield the violations of their subschemas.
    const worded = [...Object.keys(RULES), 'required', 'additionalProperties', 'discriminator', 'allOf', 'items'];
    expect([...found.keywords].filter((keyword) => !worded.includes(keyword))).toEqual([]);
    expect([...found.patterns].filter((pattern) => !Object.hasOwn(PATTERNS, pattern))).toEqual([]);
    expect([...found.formats].filter((format) => !Object.hasOwn(FORMATS, format))).toEqual([]);
    const wordedHere = VIOLATIONS.flatMap(([schema]) => Object.keys(schema));
    expect(Object.keys(RULES).filter((rule) => rule !== 'oneOf' && !wordedHere.includes(rule))).toEqual([]);
  });
});

test('every reason of a callback that was not accepted has a Chinese form', async () => {
  const judge = judgeBy(await openContract(callbackDocument), 1400000000);
  const CREATED = 'Group.CallbackAfterCreateGroup';
  const reasons = [
    ['{', CREATED],
    ['['.repeat(200), CREATED],
    [`{"CallbackCommand":"Group.${'x'.repeat(80)}"}`, CREATED],
    ['{}', 'Some.New; "command"'],
    ['{}', CREATED],
    [`{"GroupId":5,"Type":[],"MemberList":[{},5]}`, CREATED],
    ['{}', ''],
    ['{"CallbackCommand":5}', ''],
    ['[]', CREATED],
    ['{"Events":[{"CallbackCommand":"Push.OfflinePush","To_Account":7}]}', 'Push.OfflinePush'],
  ].map(([body = '', command = '']) => {
    const query = new URLSearchParams({ CallbackCommand: command, SdkAppid: '1400000000' }).toString();
    const arrival = '00000000-0000-0000-0000-000000000000';
    const { status, reason } = judge({ arrival, query, body: Buffer.from(body), receivedAt: new Date() }).callback;
    expect(status).not.toBe('accepted');
    return reason ?? '';
  });
  expect(reasons.filter((reason) => inChinese(reason) === null)).toEqual([]);
});

test('every problem that the read API answers has a Chinese form, with the values of the English one', () => {
  const folder = join(project, 'src/admin');
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => problemsIn(readFileSync(join(folder, name), 'utf8')));
  expect(texts.length).toBeGreaterThan(25);
  const untranslated = texts.filter((text) => {
    const chinese = inChinese(text);
    return chinese === null || !(text.match(/V\d+V/g) ?? []).every((value) => chinese.includes(value));
  });
  expect(untranslated).toEqual([]);
});

/** The texts of the problems in a source file, with each variable part as `V1V`, `V2V`. */
function problemsIn(source: string): string[] {
  const file = ts.createSourceFile('file.ts', source, ts.ScriptTarget.Latest, true);
  const declared: { name: string; value: ts.Node }[] = [];
  const given: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer)
      declared.push({ name: node.name.text, value: node.initializer });
    if (ts.isCallExpression(node) && /^reply(Problem|Found)$/.test(node.expression.getText()))
      given.push(node.arguments[2] as ts.Node);
    if (ts.isNewExpression(node) && /^(NotFound|BadRequest)$/.test(node.expression.getText()))
      given.push(node.arguments?.[0] as ts.Node);
    // A function may produce a problem's text; the text is read from its declaration.
    if (ts.isFunctionDeclaration(node) && /^missing[A-Z]/.test(node.name?.text ?? ''))
      ts.forEachChild(node, function inside(child): void {
        if (ts.isReturnStatement(child) && child.expression) given.push(child.expression);
        else ts.forEachChild(child, inside);
      });
    ts.forEachChild(node, visit);
  };
  visit(file);
  let values = 0;
  const textsOf = (node: ts.Node): string[] => {
    if (ts.isStringLiteralLike(node)) return [node.text];
    if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
    const last = declared.findLast(({ name, value }) => name === node.getText() && value.pos < node.pos);
    if (ts.isIdentifier(node) && last) return textsOf(last.value);
    if (!ts.isTemplateExpression(node)) {
      values += 1;
      return [`V${values}V`];
    }
    return node.templateSpans.reduce(
      (texts, { expression, literal }) =>
        texts.flatMap((text) => textsOf(expression).map((value) => text + value + literal.text)),
      [node.head.text],
    );
  };
  // A text that another function produces is read there.
  return given.flatMap(textsOf).filter((text) => !/^V\d+V$/.test(text));
}

const KEYWORDS =
  /^(type|const|enum|pattern|format|required|not|discriminator|dependentRequired|contains|if|(any|one|all)Of|(unevaluated|additional|pattern)Properties|propertyNames|prefixItems|items|uniqueItems|multipleOf|(min|max)(imum|Length|Items|Properties|Contains)|exclusive(Min|Max)imum)$/;

function collect(
  node: unknown,
  found: { keywords: Set<string>; patterns: Set<string>; formats: Set<string> },
  isNamed = false,
): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (!isNamed && /^(x-|examples?$|default$)/.test(key)) continue;
    if (!isNamed && !Array.isArray(node) && KEYWORDS.test(key)) found.keywords.add(key);
    if (!isNamed && key === 'pattern') found.patterns.add(String(value));
    if (!isNamed && key === 'format') found.formats.add(String(value));
    collect(value, found, !isNamed && /^(properties|schemas|responses|parameters|headers|paths|content)$/.test(key));
  }
}
