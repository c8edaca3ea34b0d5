import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import type { MainMessage } from '../../../protocol/bridge/messages.ts';
import { keepTray } from './tray.ts';

const account = {
  account: 'a1',
  address: 'https://terminals.example.com',
  user_id: 'u1',
  username: 'ada',
  email: 'ada@example.com',
  organization: 'Analytical',
  tenant_id: 'analytical',
  reaches: [],
  role: 'user',
  state: 'online',
  latency_ms: 3,
};
const visit = {
  session_id: 's1',
  username: 'grace',
  source: '192.0.2.4',
  machine_role: 'sudo',
  started_at: '2026-01-01T00:00:00.000Z',
  attached: true,
};
const status = (sessions: unknown[]) => ({
  type: 'status',
  pid: 1,
  version: '1.0.0',
  host: 'https://terminals.example.com',
  agent_id: 'x',
  name: 'desk',
  link: { at: 'online', since: '2026-01-01T00:00:00.000Z', latency_ms: 1 },
  sessions,
  updated_at: '2026-01-01T00:00:00.000Z',
});
const workstation = (state: string, sessions: unknown[] = []) => ({
  state,
  run_by: 'desktop',
  account: 'a1',
  host: 'https://terminals.example.com',
  agent_id: 'x',
  name: 'desk',
  status: status(sessions),
  failure: null,
});

function setUp() {
  const shown = { image: '', tip: '', menu: [] as MenuItemConstructorOptions[] };
  const received: unknown[] = [];
  const done: string[] = [];
  let send: ((message: MainMessage) => void) | null = null;
  let closed = false;
  const ending = new AbortController();
  keepTray(
    {
      icon: {
        setImage: (file) => {
          shown.image = file;
        },
        setToolTip: (text) => {
          shown.tip = text;
        },
        setMenu: (items) => {
          shown.menu = items;
        },
      },
      images: { quiet: 'quiet.png', visited: 'visited.png' },
      connectWindow: (sender) => {
        send = sender;
        return {
          receive: (message) => received.push(message),
          openTerminal: () => {},
          close: () => {
            closed = true;
          },
        };
      },
      wishes: {
        openWindow: () => done.push('window'),
        request: (action) => done.push(action),
        quit: () => done.push('quit'),
      },
    },
    ending.signal,
  );
  return {
    shown,
    received,
    done,
    ending,
    tell: (name: string, event: unknown) => {
      send?.({ type: 'event', name, event });
    },
    click: (label: string) => {
      const item = shown.menu.find((entry) => entry.label === label);
      Reflect.apply(item?.click ?? (() => done.push(`no ${label}`)), undefined, []);
    },
    isClosed: () => closed,
  };
}

const accounts = { active: 'a1', last_address: '', accounts: [account] };

describe('the tray', () => {
  it('shows when somebody is on this computer, who, and ends it by a click', () => {
    const { shown, received, tell, click } = setUp();
    tell('workstation.changed', workstation('running'));
    expect(shown.image).toBe('quiet.png');
    tell('workstation.changed', workstation('running', [visit]));
    expect(shown.image).toBe('visited.png');
    expect(shown.tip).toContain('On this computer: grace');
    click('End grace’s session');
    expect(received.at(-1)).toEqual({
      type: 'call',
      id: 0,
      name: 'workstation.end-session',
      input: { session_id: 's1' },
    });
  });

  it.each([
    ['online', 'Connected to https://terminals.example.com'],
    ['connecting', 'Connecting to https://terminals.example.com'],
    ['offline', 'No connection to https://terminals.example.com'],
    ['expired', 'Sign in again to https://terminals.example.com'],
  ])('says how the connection is: %s', (state, line) => {
    const { shown, tell } = setUp();
    tell('accounts.changed', { ...accounts, accounts: [{ ...account, state }] });
    expect(shown.tip).toBe(`WebXTerm\n${line}`);
    expect(shown.menu[0]).toEqual({ label: line, enabled: false });
  });

  it.each([
    ['running', 'This computer can be reached'],
    ['stopped', 'This computer’s agent is stopped'],
    ['starting', 'This computer’s agent starts'],
    ['leaving', 'This computer’s agent leaves'],
  ])('says how this computer’s agent is: %s', (state, line) => {
    const { shown, tell } = setUp();
    tell('workstation.changed', workstation(state));
    expect(shown.tip).toBe(`WebXTerm\nNot signed in\n${line}`);
  });

  it('says nothing of an agent that was never switched on', () => {
    const { shown, tell } = setUp();
    tell('workstation.changed', workstation('off'));
    expect(shown.tip).toBe('WebXTerm\nNot signed in');
  });

  it('opens the window, leads to this workstation, and quits', () => {
    const { done, tell, click } = setUp();
    tell('accounts.changed', accounts);
    click('Open WebXTerm');
    click('This workstation');
    click('Quit');
    expect(done).toEqual(['window', 'window', 'page.workstation', 'quit']);
  });

  it('asks for what it shows and no more, and ends with the app', () => {
    const { received, ending, isClosed } = setUp();
    expect(received).toEqual([
      { type: 'subscribe', name: 'accounts.changed' },
      { type: 'subscribe', name: 'workstation.changed' },
    ]);
    ending.abort();
    expect(isClosed()).toBe(true);
  });
});
