/** When an ack goes out. */
import { describe, expect, it } from 'vitest';
import { createAcks } from './acks.ts';
import { createFakeTime } from './testing/fake-time.ts';

function setUp() {
  const time = createFakeTime();
  const sent: number[] = [];
  return { time, sent, acks: createAcks((offset) => void sent.push(offset), time.after) };
}

describe('acks', () => {
  it('go out at once from a quarter of the smallest window on', () => {
    const { acks, sent } = setUp();
    acks.drawn(16 * 1024 - 1);
    expect(sent).toEqual([]);
    acks.drawn(16 * 1024);
    expect(sent).toEqual([16 * 1024]);
  });

  it('of less wait a moment for company, and go as one', () => {
    const { acks, sent, time } = setUp();
    acks.drawn(10);
    acks.drawn(20);
    time.advance(9);
    expect(sent).toEqual([]);
    time.advance(1);
    expect(sent).toEqual([20]);
    expect(time.waiting()).toBe(0);
  });

  it('that were forgotten do not go', () => {
    const { acks, sent, time } = setUp();
    acks.drawn(10);
    acks.forget();
    time.advance(100);
    expect(sent).toEqual([]);
  });

  it('can go below the last one: a fresh screen begins anew', () => {
    const { acks, sent, time } = setUp();
    acks.say(1000);
    acks.say(0);
    acks.drawn(5);
    time.advance(10);
    expect(sent).toEqual([1000, 0, 5]);
  });
});
