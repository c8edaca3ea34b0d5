import { describe, expect, it } from 'vitest';
import { createActionsInbox } from './actions-inbox.ts';

function setUp() {
  const delivered: string[] = [];
  const received: unknown[] = [];
  const inbox = createActionsInbox(
    () => ({ receive: (message) => received.push(message), openTerminal: () => {}, close: () => {} }),
    (action) => delivered.push(action),
  );
  const listen = () => {
    const window = inbox.connectWindow(() => {});
    window.receive({ type: 'subscribe', name: 'actions.requested' });
    return window;
  };
  return { inbox, delivered, received, listen };
}

describe('an action that a link asks for', () => {
  it('waits for the window that is still loading (elsewhere: deep link lost)', () => {
    const { inbox, delivered, listen } = setUp();
    inbox.request('page.settings');
    inbox.request('page.machines');
    expect(delivered).toEqual([]);
    listen();
    expect(delivered).toEqual(['page.machines']);
    listen();
    expect(delivered).toEqual(['page.machines']);
  });

  it('is delivered at once to a window that listens, and waits again when that is closed', () => {
    const { inbox, delivered, listen } = setUp();
    const window = listen();
    inbox.request('page.settings');
    expect(delivered).toEqual(['page.settings']);
    window.close();
    inbox.request('page.machines');
    expect(delivered).toEqual(['page.settings']);
    listen();
    expect(delivered).toEqual(['page.settings', 'page.machines']);
  });
});

it('every message reaches the core, understood or not', () => {
  const { inbox, received } = setUp();
  const window = inbox.connectWindow(() => {});
  for (const message of [null, { type: 'subscribe', name: 'notices.changed' }, 'x']) window.receive(message);
  expect(received).toEqual([null, { type: 'subscribe', name: 'notices.changed' }, 'x']);
});
