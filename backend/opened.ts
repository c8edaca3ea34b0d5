/** What was opened so far, to be closed in reverse order: at the end, or when something after it could not be opened. */
export interface Opened extends AsyncDisposable {
  use<T extends AsyncDisposable | Disposable>(thing: T): T;
}

export function createOpened(): Opened {
  const things: (AsyncDisposable | Disposable)[] = [];
  return {
    use(thing) {
      things.push(thing);
      return thing;
    },
    async [Symbol.asyncDispose]() {
      const failures: unknown[] = [];
      for (const thing of things.splice(0).toReversed()) {
        try {
          await close(thing);
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
    },
  };
}

async function close(thing: AsyncDisposable | Disposable): Promise<void> {
  if (Symbol.asyncDispose in thing) await thing[Symbol.asyncDispose]();
  else thing[Symbol.dispose]();
}
