import { openSync, writeSync } from 'node:fs';

/** What a delivery leaves in the file of RECORD_FILE, a line each. */
export interface RecordedDelivery {
  pid: number;
  id: string;
  group: string;
  /** The EventTime of the body, which tells the callbacks of a group apart. */
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

/** For HANDLERS: records every delivery. A line that is written survives a kill of the process. */
export default function record(receiver: Receiver): void {
  const file = openSync(process.env.RECORD_FILE as string, 'a');
  receiver.on(
    '*',
    ({ id, payload, attempt }) => {
      const { GroupId: group, EventTime: at } = payload as { GroupId: string; EventTime: number };
      const line: RecordedDelivery = { pid: process.pid, id, group, at, attempt, when: Date.now() };
      writeSync(file, `${JSON.stringify(line)}\n`);
    },
    { from: 'beginning' },
  );
}
