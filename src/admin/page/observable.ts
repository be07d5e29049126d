import { useEffect, useState } from 'preact/hooks';

/** A value that tells those who watch it when it changes. */
export interface Observable<Value> {
  get(): Value;
  set(value: Value): void;
  /** @returns what ends it */
  watch(watcher: (value: Value) => void): () => void;
}

export function observable<Value>(value: Value): Observable<Value> {
  let current = value;
  const watchers = new Set<(value: Value) => void>();
  return {
    get: () => current,
    set(next) {
      if (Object.is(next, current)) return;
      current = next;
      for (const watcher of watchers) watcher(next);
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
}

export function useObservable<Value>(source: Observable<Value>): Value {
  const [value, setValue] = useState(source.get());
  useEffect(() => {
    // It may have changed between rendering and watching.
    setValue(() => source.get());
    return source.watch((next) => setValue(() => next));
  }, [source]);
  return value;
}
