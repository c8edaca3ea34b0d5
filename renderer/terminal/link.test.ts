/** A port that breaks is replaced, patiently; one that never becomes ready is given up. */
import { describe, expect, it } from 'vitest';
import type { ToWindow } from '../../protocol/bridge/terminal.ts';
import { createLink } from './link.ts';
import { createFakeSession } from './testing/fake-session.ts';
import { createFakeTime } from './testing/fake-time.ts';

function setUp(session = createFakeSession()) {
  const time = createFakeTime();
  const told: string[] = [];
  const messages: ToWindow[] = [];
  const link = createLink({
    open: () => session.open(),
    after: time.after,
    ready: () => void told.push('ready'),
    lost: () => void told.push('lost'),
    gaveUp: () => void told.push('gave up'),
    message: (message) => void messages.push(message),
    frame: () => undefined,
  });
  return { session, time, told, messages, link };
}
const tick = async (): Promise<void> => {
  await Promise.resolve();
  await Promise.resolve();
};

describe('a link', () => {
  it('opens a new port when the old one closed', async () => {
    const { session, time, told } = setUp();
    await tick();
    session.breakPort();
    expect(told).toEqual(['ready', 'lost']);
    time.advance(100);
    await tick();
    expect(told).toEqual(['ready', 'lost', 'ready']);
    expect(session.openPorts()).toBe(1);
  });

  it('waits longer each time, and gives up a terminal that main does not know', () => {
    const { session, time, told } = setUp();
    for (const wait of [100, 200, 400, 800, 1600, 3200]) {
      session.breakPort();
      time.advance(wait - 1);
      expect(session.openPorts()).toBe(0);
      time.advance(1);
      expect(session.openPorts()).toBe(1);
    }
    session.breakPort();
    expect(told).toEqual(['gave up']);
    expect(time.waiting()).toBe(0);
  });

  it('tries at once when the person asks', async () => {
    const { session, told, link } = setUp();
    await tick();
    session.breakPort();
    link.retry();
    await tick();
    expect(told).toEqual(['ready', 'lost', 'ready']);
    link.retry();
    expect(session.openPorts()).toBe(1);
  });

  it('closed, leaves no port and no timer', async () => {
    const { session, time, link } = setUp();
    await tick();
    session.breakPort();
    link.close();
    link.close();
    time.advance(60_000);
    expect(session.openPorts()).toBe(0);
    expect(time.waiting()).toBe(0);
  });

  it('sends nothing before the port is ready', async () => {
    const { session, link } = setUp();
    link.send({ type: 'visible', visible: true });
    await tick();
    expect(session.seen).toEqual([]);
    link.send({ type: 'visible', visible: false });
    await tick();
    expect(session.seen).toEqual([{ saw: 'message', message: { type: 'visible', visible: false } }]);
  });
});
