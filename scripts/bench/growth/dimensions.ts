import { BODY_BYTES, CONNECTIONS } from '../options.ts';

/** One thing that grows while the rest stays as it is. */
export interface Dimension {
  name: 'stored' | 'commands' | 'body' | 'connections';
  title: string;
  points: Point[];
}

export interface Point {
  label: string;
  /** Callbacks in the database beforehand. */
  stored: number;
  /** Commands in the contract; null: those that it has. */
  commands: number | null;
  bodyBytes: number;
  connections: number;
}

const usual = { stored: 0, commands: null, bodyBytes: BODY_BYTES, connections: CONNECTIONS };

export function dimensionsOf(quick: boolean): Dimension[] {
  const stored = quick ? [0, 2_000, 20_000] : [0, 100_000, 1_000_000];
  const connections = quick ? [1, 64, 1_000] : [1, 8, 64, 256, 1_000];
  const thousands = (number: number) => number.toLocaleString('en-US');
  return [
    {
      name: 'stored',
      title: 'Callbacks stored beforehand',
      points: stored.map((count) => ({ ...usual, stored: count, label: thousands(count) })),
    },
    {
      name: 'commands',
      title: 'Commands in the contract',
      points: [1, 40].map((count) => ({ ...usual, commands: count, label: String(count) })),
    },
    {
      name: 'body',
      title: 'Size of a body',
      points: [400, 4_000, 40_000].map((bytes) => ({ ...usual, bodyBytes: bytes, label: `${bytes / 1000} KB` })),
    },
    {
      name: 'connections',
      title: 'Connections',
      points: connections.map((count) => ({ ...usual, connections: count, label: thousands(count) })),
    },
  ];
}
