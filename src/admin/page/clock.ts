import { observable, useObservable } from './observable.ts';

const now = observable(Date.now());
setInterval(() => now.set(Date.now()), 1000);
document.addEventListener('visibilitychange', () => now.set(Date.now()));

/** Milliseconds since 1970, a second apart. */
export function useNow(): number {
  return useObservable(now);
}
