/** First come, first served, for each key by itself. */
export interface Turns<K> {
  inTurn<T>(key: K, work: () => Promise<T>): Promise<T>;
}

export function createTurns<K>(): Turns<K> {
  const last = new Map<K, Promise<unknown>>();
  return {
    inTurn(key, work) {
      const mine = (last.get(key) ?? Promise.resolve()).then(work);
      const ended = mine.catch(() => null);
      last.set(key, ended);
      void ended.then(() => last.get(key) === ended && last.delete(key));
      return mine;
    },
  };
}
