import { grouped } from './print.ts';
import type { Tally } from './send-many.ts';

/** Shows the tally on a stream until it is stopped: one line in place on a terminal, elsewhere a line every 2 s. */
export function showProgress(tally: Tally, total: number, stream: NodeJS.WriteStream): () => void {
  const line = () => {
    const perSecond = Math.round(tally.answered / tally.seconds);
    const counts = [`${grouped(tally.answered)} of ${grouped(total)} answered`, `${grouped(perSecond)}/s`];
    return [...counts, `${grouped(tally.unexpected)} unexpected`].join(' · ');
  };
  const timer = stream.isTTY
    ? setInterval(() => stream.write(`\r${line()}\x1b[K`), 200)
    : setInterval(() => stream.write(`${line()}\n`), 2000);
  return () => {
    clearInterval(timer);
    if (stream.isTTY) stream.write('\r\x1b[K');
  };
}
