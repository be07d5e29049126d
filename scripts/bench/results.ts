import { machine } from './machine.ts';
import type { Run } from './measure.ts';
import { median } from './median.ts';
import { BODY_BYTES, CONNECTIONS, type Options } from './options.ts';
import type { Target } from './targets.ts';

/** What the JSON file holds. */
export interface Results {
  measuredAt: string;
  machine: ReturnType<typeof machine>;
  rounds: number;
  seconds: number;
  connections: number;
  bodyBytes: number;
  targets: TargetResult[];
}

export interface TargetResult {
  name: string;
  title: string;
  database: Target['database'];
  /** Medians over the rounds. */
  perSecond: number | null;
  /** perSecond as a share of the limit's on the same database; null where the limit was not measured. */
  toLimit: number | null;
  p50Ms: number | null;
  p99Ms: number | null;
  cpuMicroseconds: number | null;
  megabytes: number | null;
  startMs: number | null;
  runs: Run[];
}

export function resultsOf(runs: ReadonlyMap<Target, Run[]>, { rounds, seconds }: Options): Results {
  const middle = (target: Target | undefined, read: (run: Run) => number | null) =>
    target ? median((runs.get(target) ?? []).map(read)) : null;
  const limitOf = (database: string) =>
    [...runs.keys()].find((target) => target.name.startsWith('limit') && target.database === database);
  const targets = [...runs].map(([target, ofTarget]): TargetResult => {
    const { name, title, database } = target;
    const perSecond = middle(target, (run) => run.perSecond);
    const limit = middle(limitOf(database), (run) => run.perSecond);
    const bytes = middle(target, (run) => run.bytes);
    return {
      name,
      title,
      database,
      perSecond,
      toLimit: perSecond === null || limit === null ? null : perSecond / limit,
      p50Ms: middle(target, (run) => run.p50Ms),
      p99Ms: middle(target, (run) => run.p99Ms),
      cpuMicroseconds: middle(target, (run) => run.cpuMicroseconds),
      megabytes: bytes === null ? null : bytes / 1e6,
      startMs: middle(target, (run) => run.startMs),
      runs: ofTarget,
    };
  });
  return {
    measuredAt: new Date().toISOString(),
    machine: machine(),
    rounds,
    seconds,
    connections: CONNECTIONS,
    bodyBytes: BODY_BYTES,
    targets,
  };
}
