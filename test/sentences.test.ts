import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { COMMANDS } from '../generated/commands.ts';
import { type Form, SENTENCES } from '../generated/sentences.ts';
import { labelOf, tell } from '../src/admin/page/telling.ts';

const EXAMPLES = join(import.meta.dirname, '../openapi/examples');
const SNS = 'Sns.CallbackFriendAdd';

/** Bodies of a command's examples: file name -> text. */
function examplesOf(command: string): [string, string][] {
  const folder = join(EXAMPLES, command.slice(0, command.indexOf('.')));
  return readdirSync(folder)
    .filter((file) => file === `${command}.json` || file.startsWith(`${command}.with-`))
    .map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
}

/** A sentence as the page shows it, without markup. */
function say(command: string, body: string, language: 'en' | 'zh'): string {
  const told = tell({ command, body });
  if (!told) throw new Error(`${command} has no sentence`);
  return told.text[language].replace(/\{([^{}]+)\}/g, (_, name) => told.values[name]?.join(', ') || 'NOTHING');
}

test.each(Object.keys(COMMANDS))('%s has examples, and each is described completely in both languages', (command) => {
  const examples = examplesOf(command);
  expect(examples.map(([file]) => file)).toContain(`${command}.json`);
  for (const [file, body] of examples) {
    for (const language of ['en', 'zh'] as const) {
      const sentence = say(command, body, language);
      expect([file, sentence]).toEqual([file, expect.not.stringMatching(/NOTHING|\{[\w/*|]+\}|undefined|null/)]);
      expect([file, sentence]).toEqual([
        file,
        expect.stringMatching(language === 'en' ? /^[^一-鿿]*\w/ : /[一-鿿]|：/),
      ]);
    }
    const { label, changes } = tell({ command, body }) ?? {};
    expect([file, label?.en, label?.zh]).toEqual([file, expect.stringMatching(/\w/), expect.stringMatching(/[一-鿿]/)]);
    expect([file, changes?.filter(([name]) => !name)]).toEqual([file, []]);
  }
  expect(labelOf({ command })).toEqual({ en: expect.any(String), zh: expect.any(String) });
});

test('each value that a variant tests is in an example', () => {
  const forms: [string, readonly Form[]][] = Object.entries(SENTENCES);
  const unseen = forms.flatMap(([command, ofCommand]) => {
    const told = examplesOf(command).map(([, body]) => tell({ command, body })?.text.en);
    const conditions = (form: Form) => JSON.stringify(form.when);
    const seen = new Set(ofCommand.filter(({ text }) => told.includes(text.en)).map(conditions));
    return ofCommand.map(conditions).filter((when) => !seen.has(when));
  });
  expect(unseen).toEqual([]);
});

describe('a callback is described', () => {
  const pairs = (...given: [string, string][]) =>
    JSON.stringify({ PairList: given.map(([From_Account, To_Account]) => ({ From_Account, To_Account })) });

  test.each([
    ['one pair', pairs(['mina', 'otto']), 'mina is now friends with otto.'],
    ['two mirrored pairs', pairs(['mina', 'otto'], ['otto', 'mina']), 'mina is now friends with otto.'],
    ['several mirrored', pairs(['m', 'o'], ['o', 'm'], ['m', 'p'], ['p', 'm']), 'm is now friends with o, p.'],
    ['pairs of other accounts', pairs(['m', 'o'], ['p', 'r']), 'm is now friends with o.'],
    ['the same pair twice', pairs(['m', 'o'], ['m', 'o']), 'm is now friends with o.'],
  ])('with %s', (_name, body, want) => {
    expect(say(SNS, body, 'en')).toBe(want);
  });

  test.each([
    ['a result of text', { SendMsgResult: '20003', ErrorInfo: 'no' }, 'A message from a to b failed: 20003 no'],
    ['a failure without a reason', { SendMsgResult: 20003, ErrorInfo: '' }, 'A message from a to b failed: 20003'],
    ['no result', { MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hi' } }] }, 'a to b: hi'],
    ['a result of 0 in text', { SendMsgResult: '0' }, 'a sent b a message.'],
    ['a message without content', { MsgBody: [] }, 'a sent b a message.'],
    ['a null', { MsgBody: null, SendMsgResult: null }, 'a sent b a message.'],
  ])('with %s', (_name, fields, want) => {
    const body = JSON.stringify({ From_Account: 'a', To_Account: 'b', ...fields });
    expect(say('C2C.CallbackAfterSendMsg', body, 'en')).toBe(want);
  });

  test.each([
    [
      { group: { name: 'Harbour' }, members: [{}, {}] },
      'The vendor had the group {name}, with {count} members.',
      ['2'],
    ],
    [{ group: { name: 'Harbour' }, members: null }, 'The vendor had the group {name}.', undefined],
    [
      { group: { name: 'Harbour' }, members: null, changed: { present: [{}], absent: ['ann', 'ben'], isLast: true } },
      'The vendor had the group {name}. {count} members were not as they were known here.',
      ['3'],
    ],
    [{ group: null, members: null }, 'The vendor no longer had the group.', undefined],
  ])('a snapshot is described: %j', (body, text, count) => {
    const command = 'Backfill.GroupSnapshot';
    const told = tell({ command, source: 'backfill', body: JSON.stringify(body) });
    expect([told?.text.en, told?.values.count, told?.label.en]).toEqual([text, count, 'Back-fill']);
    // A sender's callback with this command is not a snapshot.
    expect(tell({ command, source: 'callback', body: JSON.stringify(body) })).toBeNull();
  });

  test('by its available fields, if it breaks the contract or is not JSON', () => {
    const command = 'Group.CallbackAfterCreateGroup';
    expect(tell({ command, body: '{"Name":7' })).toMatchObject({ values: { Operator_Account: [] } });
    expect(say(command, '{"Name":7,"Operator_Account":"ann"}', 'en')).toBe('ann created the group 7.');
    expect(say(command, '[]', 'zh')).toBe('NOTHING 创建了群组。');
  });

  test.each(['Some.New', 'constructor', ''])('not, if the contract does not describe it: %s', (command) => {
    expect([tell({ command, body: '{}' }), labelOf({ command })]).toEqual([null, undefined]);
  });
});
