import type { Difference, LeftOut } from '../../src/backfill/difference.ts';
import type { Progress } from '../../src/backfill/progress.ts';
import type { RunEnd } from '../../src/backfill/run.ts';
import type { Phase } from '../../src/backfill/walk.ts';
import { columns, grouped, plural, printable } from '../command-line.ts';

const MOST_ROWS = 200;
const MOST_LEFT_OUT = 20;
const LONGEST_VALUE = 40;

const PHASES: Record<Phase, string> = {
  mirror: 'groups of the mirror',
  vendor: "groups of the vendor's list",
  given: 'groups',
};

/** The findings of a run. With `json`, each finding is printed at once, so that none is kept in memory. */
export class Report {
  readonly #print: (line: string) => void;
  readonly #json: boolean;
  readonly #rows: Difference[] = [];
  /** Differences by kind and field. */
  readonly #byField = new Map<string, number>();
  readonly #leftOut: LeftOut[] = [];
  readonly #busy: string[] = [];
  readonly #skippedTypes: { type: string; reason: string }[] = [];
  #differences = 0;

  constructor(print: (line: string) => void, json: boolean) {
    this.#print = print;
    this.#json = json;
  }

  differences(differences: readonly Difference[]): void {
    this.#differences += differences.length;
    for (const difference of differences) {
      const { kind, field } = difference;
      this.#byField.set(`${kind} ${field}`, (this.#byField.get(`${kind} ${field}`) ?? 0) + 1);
      if (this.#json) this.#printJson({ difference });
      else if (this.#rows.length < MOST_ROWS) this.#rows.push(difference);
    }
  }

  leftOut(leftOut: LeftOut): void {
    if (this.#json) this.#printJson({ leftOut });
    else if (this.#leftOut.length < MOST_LEFT_OUT) this.#leftOut.push(leftOut);
  }

  busy(groupId: string): void {
    if (this.#json) this.#printJson({ busy: { groupId } });
    else if (this.#busy.length < MOST_LEFT_OUT) this.#busy.push(groupId);
  }

  skippedType(type: string, reason: string): void {
    this.#skippedTypes.push({ type, reason });
  }

  /** Printed at the end of the run. @param dryRun nothing was changed */
  end(end: RunEnd, dryRun: boolean): void {
    if (this.#json) this.#endInJson(end, dryRun);
    else this.#endInText(end, dryRun);
  }

  #endInJson({ startedAt, counts, finished, error }: RunEnd, dryRun: boolean): void {
    this.#printJson({
      summary: {
        startedAt: startedAt.toISOString(),
        ...{ dryRun, finished, error: error?.message ?? null, ...counts },
        byField: Object.fromEntries(this.#byField),
        skippedTypes: this.#skippedTypes,
      },
    });
  }

  #endInText({ counts, finished }: RunEnd, dryRun: boolean): void {
    if (this.#rows.length > 0) {
      const head = ['group', 'field', 'mirror', 'vendor'];
      // Groups are read concurrently, so they are found in any order.
      const rows = this.#rows.toSorted((one, other) => compareText(one.groupId, other.groupId));
      this.#line(columns([head, ...rows.map(rowOf)].map((row) => row.map((cell) => printable(cell)))));
      if (this.#differences > MOST_ROWS)
        this.#line(`  … and ${grouped(this.#differences - MOST_ROWS)} more: --json prints all`);
      this.#line('');
      const fields = [...this.#byField].sort(
        ([name, one], [otherName, other]) => other - one || compareText(name, otherName),
      );
      this.#line(columns(fields.map(([field, count]) => [field, grouped(count)])));
      this.#line('');
    }
    const { compared, members, differing, differences, stored, gone, quiet, leftOut, busy, calls } = counts;
    this.#line(`${plural(compared, 'group')} compared, with ${plural(members, 'member')}, in ${plural(calls, 'call')}`);
    const found =
      differing === 0 ? 'none differs' : `${plural(differences, 'difference')} in ${plural(differing, 'group')}`;
    const ended = gone > 0 ? `; ${grouped(gone)} of them the vendor no longer has` : '';
    this.#line(`${found}${ended}`);
    if (!dryRun) this.#line(`${plural(stored, 'snapshot')} stored`);
    if (quiet > 0) this.#line(`${grouped(quiet)} passed over: nothing has happened in them since`);
    for (const { type, reason } of this.#skippedTypes) this.#line(`groups of type ${type} left out: ${reason}`);
    this.#list(busy, 'not judged, as callbacks of them kept arriving', this.#busy.map(shorten));
    this.#list(
      leftOut,
      'left out',
      this.#leftOut.map(({ groupId, reason }) => `${shorten(groupId)}  ${reason}`),
    );
    if (!finished) this.#line(`interrupted: run it again to ${dryRun ? 'begin anew' : 'continue'}`);
  }

  #list(count: number, what: string, items: readonly string[]): void {
    if (count === 0) return;
    this.#line(`${grouped(count)} ${what}:`);
    for (const item of items) this.#line(`  ${item}`);
    if (count > items.length) this.#line(`  … and ${grouped(count - items.length)} more: --json prints all`);
  }

  #line(text: string): void {
    this.#print(printable(text));
  }

  #printJson(value: object): void {
    this.#print(JSON.stringify(value));
  }
}

function rowOf({ groupId, field, of, mirror, vendor }: Difference): string[] {
  const shown = (value: string | null) => (value === null ? '-' : shorten(JSON.stringify(value)));
  return [shorten(groupId), of === null ? field : `${field} ${shorten(of)}`, shown(mirror), shown(vendor)];
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function shorten(text: string): string {
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`;
}

/** The progress line of a run: how far it is, and when its present phase will end. */
export class ProgressLine {
  #progress: Progress | null = null;
  #begun: { phase: Phase; passed: number; at: number } | null = null;
  /** Shown instead of the progress: what the run waits for. */
  waitsFor: string | null = null;

  set(progress: Progress): void {
    this.#progress = progress;
    this.waitsFor = null;
    if (this.#begun?.phase !== progress.phase)
      this.#begun = { phase: progress.phase, passed: progress.passed, at: performance.now() };
  }

  text(): string {
    if (this.waitsFor !== null) return this.waitsFor;
    const progress = this.#progress;
    if (!progress || (progress.phase === 'mirror' && progress.passed === 0)) return 'begins';
    const { phase, passed, total, differing, stored, leftOut } = progress;
    const share = total ? ` of ${grouped(total)} (${Math.min(100, Math.floor((passed / total) * 100))} %)` : '';
    const parts = [
      `${grouped(passed)}${share} ${PHASES[phase]}`,
      `${grouped(differing)} different`,
      ...(stored > 0 ? [`${grouped(stored)} stored`] : []),
      ...(leftOut > 0 ? [`${grouped(leftOut)} left out`] : []),
      ...this.#remaining(progress),
    ];
    return parts.join(', ');
  }

  #remaining({ passed, total }: Progress): string[] {
    const begun = this.#begun;
    if (!begun || total === null || passed <= begun.passed || passed >= total) return [];
    const seconds = ((performance.now() - begun.at) / 1_000 / (passed - begun.passed)) * (total - passed);
    const [amount, unit] =
      seconds < 90 ? [seconds, 's'] : seconds < 5_400 ? [seconds / 60, 'min'] : [seconds / 3_600, 'h'];
    return [`about ${Math.ceil(amount)} ${unit} left`];
  }
}
