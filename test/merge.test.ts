import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { merge, touchedParts, touchesAllParts } from '../src/groups/merge.ts';
import { type GroupState, type Part, partKey, readDocument, writeDocument } from '../src/groups/state.ts';
import { groupDetailOf, groupOf } from '../src/groups/view.ts';
import { changeOfEvent, type Event, histories, historiesWithSnapshots, shuffled } from './support/group-histories.ts';

const APP = 1400000000;
const RUNS = { numRuns: 2_000 };
const HISTORIES = [
  ['callbacks', histories({ groups: 1, length: 12 })],
  ['callbacks and snapshots', historiesWithSnapshots(12)],
] as const;

/** The stored state, and what the read API shows. */
function shown(state: GroupState) {
  const document = writeDocument(state.document);
  const parts = [...state.parts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, part]) => part);
  return { document, parts, detail: groupDetailOf(APP, readDocument(document), parts) };
}

/** As text, which is quick to compare. */
function textOf(state: GroupState | null): string {
  return state ? JSON.stringify(shown(state), null, 1) : '';
}

function inOneGo(events: readonly Event[]) {
  const [first, ...others] = events.map((event) => changeOfEvent(event)).filter((change) => change !== null);
  return first ? merge(null, [first, ...others]) : null;
}

function oneByOne(events: readonly Event[]) {
  let state: GroupState | null = null;
  for (const event of events) {
    const change = changeOfEvent(event);
    if (change) state = merge(state, [change]);
  }
  return state;
}

test.each(HISTORIES)(
  'every permutation and duplication of %s gives the same group, merged one by one or together',
  (_, all) => {
    fc.assert(
      fc.property(shuffled(all), ([history, other]) => {
        const one = textOf(inOneGo(history));
        expect(textOf(oneByOne(other))).toBe(one);
        expect(textOf(inOneGo(other))).toBe(one);
      }),
      RUNS,
    );
  },
);

/** Like a store: reads only the parts that a change touches. */
function fromTouchedParts(events: readonly Event[]) {
  let state: GroupState | null = null;
  for (const event of events) {
    const change = changeOfEvent(event);
    if (!change) continue;
    const names = touchedParts(change).map(partKey);
    const all: [string, Part][] = [...(state?.parts ?? [])];
    const read = touchesAllParts(change) ? all : all.filter(([key]) => names.includes(key));
    const merged: GroupState = merge(state && { ...state, parts: new Map(read) }, [change]);
    const unread = all.filter((entry) => !read.includes(entry));
    state = { ...merged, parts: new Map([...unread, ...merged.parts]) };
  }
  return state;
}

test.each(HISTORIES)('for %s, reading the parts that a change touches is enough', (_, all) => {
  fc.assert(
    fc.property(all, (history) => {
      expect(textOf(fromTouchedParts(history))).toBe(textOf(inOneGo(history)));
    }),
    RUNS,
  );
});

test.each(HISTORIES)('%s merged again change nothing, and merging does not modify its arguments', (_, all) => {
  fc.assert(
    fc.property(all, fc.nat(), (history, which) => {
      const state = inOneGo(history);
      const again = changeOfEvent(history[which % history.length] as Event);
      if (!state || !again) return;
      const before = textOf(state);
      expect(textOf(merge(state, [again]))).toBe(before);
      expect(textOf(state)).toBe(before);
    }),
    RUNS,
  );
});

test.each(HISTORIES)(
  'for %s, as many members are shown as are counted, each once; a destroyed group has none',
  (_, all) => {
    fc.assert(
      fc.property(all, (history) => {
        const state = inOneGo(history);
        if (!state) return;
        const { detail, parts } = shown(state);
        const joined = parts.flatMap(({ kind, name, value }) => (kind === 'member' && value !== null ? name : []));
        expect(groupOf(APP, state.document, joined).members).toEqual(detail.members);
        expect(detail.memberDetails.map(({ account }) => account)).toEqual(detail.members);
        expect([new Set(detail.members).size, joined.length]).toEqual([detail.memberCount, state.document.joined]);
        if (detail.destroyedAt !== null) expect(detail).toMatchObject({ memberCount: 0, topics: [], attributes: [] });
      }),
      RUNS,
    );
  },
);
