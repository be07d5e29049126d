import { useCallback, useEffect, useState } from 'preact/hooks';
import { type Batch, liveReady, watchBatches, watchGaps } from '../live.ts';
import { rereading } from '../rereading.ts';

/**
 * Something that is read, and read again when the stream tells of a change.
 *
 * @param read the same function for as long as it reads the same thing
 * @param concerns whether what the stream brought may change it; the same function, too
 */
export function useRead<Value>(read: () => Promise<Value>, concerns: (batch: Batch) => boolean) {
  const [result, setResult] = useState<{ read: unknown; value?: Value; error?: unknown }>({ read: null });
  const [again, setAgain] = useState(0);

  useEffect(() => {
    let over = false;
    const reader = rereading(async () => {
      try {
        await liveReady;
        const value = await read();
        if (!over) setResult({ read, value });
      } catch (error) {
        if (!over) setResult({ read, error });
      }
    });
    const endBatches = watchBatches((batch) => concerns(batch) && reader.ask(0));
    const endGaps = watchGaps(reader.ask);
    reader.ask(0);
    return () => {
      over = true;
      reader.end();
      endBatches();
      endGaps();
    };
  }, [read, concerns, again]);

  // The answer to another question is none to this one.
  const current = result.read === read;
  return {
    value: current ? result.value : undefined,
    error: current ? result.error : undefined,
    again: useCallback(() => setAgain((count) => count + 1), []),
  };
}
