import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { itemTextsOf } from '../src/callback/json.ts';
import {
  callbackPlaceOf,
  comparePlaces,
  itemPlaceIn,
  itemPlaceOf,
  partsOf,
  placeWithin,
} from '../src/store/consumers.ts';

const textsOf = (json: string, member = 'Events') => itemTextsOf(Buffer.from(json), member).map(String);

test.each<[string, string, string[]]>([
  [
    'numbers beyond 2^53 and spaces',
    '{ "Events" : [ {"MsgSeq": 9007199254740993 } ,\n{"a":1}] }',
    ['{"MsgSeq": 9007199254740993 }', '{"a":1}'],
  ],
  ['brackets and commas in strings', '{"Events":[{"a":"],[}{,"},"],",3]}', ['{"a":"],[}{,"}', '"],"', '3']],
  ['quotes and backslashes in strings', '{"Events":[{"a":"\\\\"},{"b":"\\"],"}]}', ['{"a":"\\\\"}', '{"b":"\\"],"}']],
  ['lists in items', '{"Events":[[1,[2,3]],{"Events":[4,5]}]}', ['[1,[2,3]]', '{"Events":[4,5]}']],
  ['the same name elsewhere', '{"x":{"Events":[1]},"y":"Events","z":["Events",[2]],"Events":[3]}', ['3']],
  ['a value that is the name', '{"x":"Events","y":[1,2]}', []],
  ['a name in escapes', '{"\\u0045vents":[1]}', ['1']],
  ['the last of two lists', '{"Events":[1,2],"Events":[3]}', ['3']],
  ['no list in the end', '{"Events":[1,2],"Events":{"a":[3]}}', []],
  ['a byte order mark', '\uFEFF{"Events":[1]}', ['1']],
  ['no items', '{"Events":[ ]}', []],
])('the items of a list are cut out verbatim: %s', (_, json, want) => {
  expect(textsOf(json)).toEqual(want);
});

test('the items of any list are cut out whole, whatever surrounds them and however it is indented', () => {
  const indent = fc.constantFrom(undefined, 1, '\t');
  const body = fc.record({
    Events: fc.array(fc.json().map((text) => JSON.parse(text) as unknown)),
    Other: fc.jsonValue(),
  });
  fc.assert(
    fc.property(body, fc.jsonValue(), indent, ({ Events, Other }, before, space) => {
      const texts = textsOf(JSON.stringify({ before, Events, Other }, null, space));
      expect(texts.map((text) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(Events)));
    }),
  );
});

test('places of items come before that of their callback, in order, and after the previous callback', () => {
  const inOrder = ['0-9', '0-10.0', '0-10.2', '0-10.10', '0-10', '0-11.0', '7-1', '10-1.3', '10-1'];
  const shuffled = ['10-1', '0-10.10', '0-11.0', '0-9', '7-1', '0-10', '0-10.2', '10-1.3', '0-10.0'];
  expect(shuffled.toSorted(comparePlaces)).toEqual(inOrder);
  for (const place of inOrder) expect(comparePlaces(place, place)).toBe(0);
});

test('the last item of a batch has the place of its callback, so that "up to" includes all of them', () => {
  expect([0, 1, 2].map((index) => itemPlaceOf('5-17', index, 3))).toEqual(['5-17.0', '5-17.1', '5-17']);
  expect(['5-17.1', '5-17'].map(callbackPlaceOf)).toEqual(['5-17', '5-17']);
});

test("an item's place is stored with that of the preceding callback, and counts only together with it", () => {
  expect(partsOf('5-17')).toEqual([5n, 17]);
  expect(partsOf('5-17.1')).toEqual([5n, 16]);
  expect(itemPlaceIn('5-17')).toBeNull();
  expect(placeWithin('5-16', itemPlaceIn('5-17.1'))).toBe('5-17.1');
  // A receiver of an older version has moved the cursor.
  expect(placeWithin('5-17', '5-17.1')).toBe('5-17');
  expect(placeWithin('6-16', '5-17.1')).toBe('6-16');
  expect(placeWithin('5-16', null)).toBe('5-16');
});
