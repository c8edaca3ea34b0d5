/** Work that is done one after the other, in the order it was asked for, whatever became of the one before. */

export type InOrder = <T>(work: () => Promise<T>) => Promise<T>;

export function createOrder(): InOrder {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const run = last.then(work);
    last = run.catch(() => undefined);
    return run;
  };
}
