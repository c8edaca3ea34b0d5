/** The fair sender: who goes next, in what portions, and what never waits. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSender, type Sender } from './sender.ts';

const KIB = 1024;

/** Lets it send all it will at a moment; what was sent is offered no more. */
function drain(
  sender: Sender,
  waiting: Map<number, number>,
  now: number,
  answer = true,
): { channel: number; bytes: number }[] {
  const frames: { channel: number; bytes: number }[] = [];
  for (let turn = sender.next(now); turn !== null; turn = sender.next(now)) {
    if (turn.do === 'ping') {
      if (answer) sender.pong(turn.id, now);
      continue;
    }
    const { channel, bytes } = turn;
    frames.push({ channel, bytes });
    waiting.set(channel, (waiting.get(channel) ?? 0) - bytes);
    sender.offer(channel, waiting.get(channel) ?? 0, now);
    sender.sent(channel, bytes + 16, now);
  }
  return frames;
}
function offered(bytes: readonly number[], now: number): { sender: Sender; waiting: Map<number, number> } {
  const sender = createSender();
  sender.reset(0);
  const waiting = new Map(bytes.map((count, channel) => [channel, count]));
  for (const [channel, count] of waiting) sender.offer(channel, count, now);
  return { sender, waiting };
}

describe('the sender', () => {
  it('sends an echo at once when nothing went for a while', () => {
    const { sender, waiting } = offered([1], 100);
    expect(drain(sender, waiting, 100)).toEqual([{ channel: 0, bytes: 1 }]);
    expect(sender.deadline).toBe(Number.POSITIVE_INFINITY);
  });

  it('gathers what follows for 2 ms', () => {
    const { sender, waiting } = offered([1], 100);
    drain(sender, waiting, 100);
    waiting.set(0, 500);
    sender.offer(0, 500, 101);
    expect(drain(sender, waiting, 101)).toEqual([]);
    expect(sender.deadline).toBe(103);
    sender.offer(0, 900, 102);
    waiting.set(0, 900);
    expect(drain(sender, waiting, 103)).toEqual([{ channel: 0, bytes: 900 }]);
  });

  it('sends one flood in frames of up to 64 KiB, several in turn in 16 KiB', () => {
    const alone = offered([256 * KIB], 100);
    const frames = drain(alone.sender, alone.waiting, 100);
    expect(Math.max(...frames.map((frame) => frame.bytes))).toBeGreaterThanOrEqual(32 * KIB);
    const two = offered([64 * KIB, 64 * KIB], 100);
    const turns = [...drain(two.sender, two.waiting, 100), ...drain(two.sender, two.waiting, 102)];
    expect(turns.slice(0, 8).map((frame) => frame.channel)).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
    expect(Math.max(...turns.slice(0, 7).map((frame) => frame.bytes))).toBe(16 * KIB);
  });

  it("sends an echo before the rest of another session's flood, even while that has to wait for a pong", () => {
    const { sender, waiting } = offered([1000 * KIB, 0], 100);
    drain(sender, waiting, 100, false);
    expect(waiting.get(0)).toBeGreaterThan(0);
    sender.offer(1, 5, 200);
    waiting.set(1, 5);
    expect(drain(sender, waiting, 200, false)).toEqual([{ channel: 1, bytes: 5 }]);
  });

  it('has no more than 32 KiB under way before anything is measured', () => {
    const { sender, waiting } = offered([1000 * KIB], 100);
    const frames = drain(sender, waiting, 100, false);
    expect(frames.reduce((sum, frame) => sum + frame.bytes, 0)).toBeLessThanOrEqual(32 * KIB);
  });

  it('forgets a channel that is withdrawn, and everything with the socket', () => {
    const { sender, waiting } = offered([100, 100], 100);
    sender.withdraw(0);
    expect(drain(sender, waiting, 100).map((frame) => frame.channel)).toEqual([1]);
    sender.offer(1, 50, 200);
    sender.reset(200);
    expect(drain(sender, waiting, 300)).toEqual([]);
  });

  it('sends every byte that is offered, whoever offers how much, while pongs come', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300 * KIB), { minLength: 1, maxLength: 8 }), (bytes) => {
        const { sender, waiting } = offered(bytes, 100);
        for (let now = 100; now < 140; now += 1) drain(sender, waiting, now);
        expect([...waiting.values()].every((left) => left === 0)).toBe(true);
      }),
    );
  });
});
