/** What a program opened, in order: closed in the other order, each waited for, a failure of one keeping no other from it. */

export interface Opened extends AsyncDisposable {
  add<T extends AsyncDisposable>(thing: T): T;
}

/** @param onError is told what could not be closed */
export function createOpened(onError: (error: unknown) => void): Opened {
  const things: AsyncDisposable[] = [];
  return {
    add(thing) {
      things.push(thing);
      return thing;
    },
    async [Symbol.asyncDispose]() {
      for (let thing = things.pop(); thing; thing = things.pop()) await closeOne(thing, onError);
    },
  };
}

async function closeOne(thing: AsyncDisposable, onError: (error: unknown) => void): Promise<void> {
  try {
    await thing[Symbol.asyncDispose]();
  } catch (error) {
    onError(error);
  }
}
