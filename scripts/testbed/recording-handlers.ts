import { existsSync, openSync, writeSync } from 'node:fs';

/** A delivery as recorded in RECORD_FILE, one per line. */
export interface RecordedDelivery {
  /** The process that delivered it; 0 if unknown. */
  pid: number;
  id: string;
  group: string;
  /** The EventTime of the body, which distinguishes the callbacks of a group. */
  at: number;
  attempt: number;
  /** Milliseconds since 1970. */
  when: number;
}

interface Receiver {
  on(
    command: '*',
    handler: (callback: { id: string; payload: unknown; attempt: number }) => unknown,
    options: { from: 'beginning' },
  ): void;
}

/** While this file exists, every delivery fails, as if the handler's own database were down. */
export const awayFileOf = (recordFile: string) => `${recordFile}.away`;

/** For HANDLERS: records every delivery. A written line survives a kill of the process. */
export default function record(receiver: Receiver): void {
  const path = process.env.RECORD_FILE as string;
  const file = openSync(path, 'a');
  const awayFile = awayFileOf(path);
  receiver.on(
    '*',
    ({ id, payload, attempt }) => {
      if (existsSync(awayFile)) throw new Error('the database of the handler is away');
      const { GroupId: group, EventTime: at } = payload as { GroupId: string; EventTime: number };
      const line: RecordedDelivery = { pid: process.pid, id, group, at, attempt, when: Date.now() };
      writeSync(file, `${JSON.stringify(line)}\n`);
    },
    { from: 'beginning' },
  );
}
