import { describe, expect, it } from 'vitest';
import { createOpened } from './opened.ts';

describe('what was opened', () => {
  it('is closed once, in reverse order, each even where another fails, and the failures are told', async () => {
    const opened = createOpened();
    const closed: string[] = [];
    opened.use({ [Symbol.dispose]: () => void closed.push('first') });
    opened.use({ [Symbol.asyncDispose]: () => Promise.reject(new Error('stuck')) });
    opened.use({
      async [Symbol.asyncDispose]() {
        await Promise.resolve();
        closed.push('third');
      },
    });
    await expect(opened[Symbol.asyncDispose]()).rejects.toThrow(/not everything/);
    expect(closed).toEqual(['third', 'first']);
    await opened[Symbol.asyncDispose]();
    expect(closed).toHaveLength(2);
  });
});
