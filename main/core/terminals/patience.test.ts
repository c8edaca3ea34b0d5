/** Patience: no loop of attaches and refusals. */
import { describe, expect, it } from 'vitest';
import { createPatience } from './patience.ts';

describe('after a refusal', () => {
  it('it is asked again at once, then more and more slowly while refusals go on', () => {
    const patience = createPatience();
    const waits: number[] = [];
    let now = 0;
    for (let count = 0; count < 8; count += 1) {
      const next = patience.refused(now);
      waits.push(next - now);
      now = next;
    }
    expect(waits).toEqual([0, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
  });

  it('it is asked at once again when there was peace for ten seconds', () => {
    const patience = createPatience();
    patience.refused(0);
    patience.refused(1);
    expect(patience.refused(10_002)).toBe(10_002);
  });
});
