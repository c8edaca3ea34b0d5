import { describe, expect, it } from 'vitest';
import { createOrder } from './in-order.ts';

describe('work in order', () => {
  it('is done one after the other, and a failure stops nothing after it', async () => {
    const inOrder = createOrder();
    const done: string[] = [];
    const step = (name: string) => async (): Promise<string> => {
      done.push(`${name} begins`);
      await Promise.resolve();
      done.push(`${name} ends`);
      if (name === 'bad') throw new Error('no');
      return name;
    };
    const results = await Promise.allSettled(['one', 'bad', 'two'].map((name) => inOrder(step(name))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(done).toEqual(['one begins', 'one ends', 'bad begins', 'bad ends', 'two begins', 'two ends']);
  });
});
