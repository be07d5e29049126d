import type { components } from '../../generated/admin.ts';
import type { Logger } from '../callback/logger.ts';
import { StoreBusy } from '../store/bounded-scans.ts';
import type { Store } from '../store/store.ts';
import type { RecentMinutes } from './recent-minutes.ts';

type State = components['schemas']['State'];
type Figures = Omit<components['schemas']['Stats'], 'since'>;

interface FiguresOptions {
  store: Pick<Store, 'countGroupsByType' | 'listMinutes' | 'health'>;
  minutes: Pick<RecentMinutes, 'oldest' | 'read'>;
  log: Logger;
  now: () => number;
}

/** The figures of the view At a glance. Some are missing while the database is away. */
export function createFigures({ store, minutes, log, now }: FiguresOptions) {
  /** The last result, which stays while the database is away. */
  let stored: Awaited<ReturnType<Store['listMinutes']>> = [];

  return { read, readState };

  /** @throws {StoreBusy} */
  async function read(): Promise<Figures> {
    const state = await readState();
    // A SQLite database that cannot be written can still be read.
    const isRead = state.database.state === 'available' || state.spool === null;
    const [groupsByType] = await Promise.all([isRead ? unlessAway(countGroups()) : null, isRead && readMinutes()]);
    return { groupsByType, minutes: minutes.read(stored), ...state };
  }

  async function readState(): Promise<State> {
    const { ready, awaySince, spool = null } = await store.health();
    // A store that does not report `awaySince` is away if it is not ready.
    const isAway = awaySince !== undefined ? awaySince !== null : !ready;
    const since = awaySince?.toISOString() ?? null;
    return { database: { state: isAway ? 'away' : 'available', since }, spool };
  }

  async function countGroups(): Promise<NonNullable<Figures['groupsByType']>> {
    const within = (hours: number) => store.countGroupsByType(new Date(now() - hours * 3_600_000));
    const [hour, day, week] = await Promise.all([within(1), within(24), within(24 * 7)]);
    return { hour, day, week };
  }

  async function readMinutes(): Promise<void> {
    stored = (await unlessAway(store.listMinutes(minutes.oldest()))) ?? stored;
  }

  /** Null if the database goes away meanwhile. */
  async function unlessAway<Result>(reading: Promise<Result>): Promise<Result | null> {
    try {
      return await reading;
    } catch (error) {
      if (error instanceof StoreBusy) throw error;
      log.debug({ err: error }, 'the database did not answer: its figures are left out');
      return null;
    }
  }
}
