import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeBridge, type FakeBridge } from '../testing/fake-bridge.ts';
import {
  accountsEvent,
  machinesEvent,
  sampleAccount,
  sampleMachine,
  sampleSession,
  sampleTerminal,
  sampleWorkstation,
  sessionsEvent,
  uuid,
} from '../testing/samples.ts';
import { activeAccount, createAccountsStore } from './accounts.ts';
import { createConnectionStore } from './connection.ts';
import { inOrder } from './keyed-list.ts';
import { createMachinesStore, machineOf, machinesOf } from './machines.ts';
import { createNoticesStore } from './notices.ts';
import { createSessionsStore, sessionsOf } from './sessions.ts';
import { createSettingsStore } from './settings.ts';
import { createTerminalsStore, liveCount, terminalOfSession } from './terminals.ts';
import { createWorkstationStore, presentOn } from './workstation.ts';

let bridge: FakeBridge;
let ending: AbortController;
beforeEach(() => {
  bridge = createFakeBridge();
  ending = new AbortController();
});
afterEach(() => ending.abort());

describe('accounts', () => {
  it('are not known before they were told, so that nobody sees a sign-in form for a moment', () => {
    const store = createAccountsStore(bridge, ending.signal);
    expect(store.getState().known).toBe(false);
    bridge.tell('accounts.changed', accountsEvent());
    expect(store.getState().known).toBe(true);
  });
  it('show the active one, and the first one while none is active', () => {
    bridge.tell('accounts.changed', {
      ...accountsEvent(sampleAccount(), sampleAccount({ account: 'lab' })),
      active: 'lab',
    });
    const store = createAccountsStore(bridge, ending.signal);
    expect(activeAccount(store.getState())?.account).toBe('lab');
    bridge.tell('accounts.changed', { ...accountsEvent(sampleAccount()), active: null });
    expect(activeAccount(store.getState())?.account).toBe('acme');
  });
});

describe('machines', () => {
  it('are kept per account, in the order people count in', () => {
    const store = createMachinesStore(bridge, ending.signal);
    bridge.tellOnce(
      'machines.changed',
      machinesEvent([sampleMachine(10, { name: 'web-10' }), sampleMachine(2, { name: 'web-2' })]),
    );
    bridge.tellOnce('machines.changed', machinesEvent([sampleMachine(1)], { account: 'lab' }));
    expect(inOrder(machinesOf(store.getState(), 'acme')).map(({ name }) => name)).toEqual(['web-2', 'web-10']);
    expect(machineOf(store.getState(), 'lab', uuid(1))?.name).toBe('machine-1');
  });
  it('are loading for an account of which nothing was told yet', () => {
    const store = createMachinesStore(bridge, ending.signal);
    expect(machinesOf(store.getState(), 'acme').load).toBe('loading');
  });
  it('stay, stale and with their age, when the server cannot be asked', () => {
    const store = createMachinesStore(bridge, ending.signal);
    bridge.tellOnce('machines.changed', machinesEvent([sampleMachine(1)]));
    bridge.tellOnce(
      'machines.changed',
      machinesEvent([], { replace: false, load: 'stale', as_of: '2026-11-24T10:00:00Z' }),
    );
    expect(machinesOf(store.getState(), 'acme')).toMatchObject({ load: 'stale', asOf: '2026-11-24T10:00:00Z' });
    expect(machineOf(store.getState(), 'acme', uuid(1))).toBeDefined();
  });
  it('are forgotten with their account', () => {
    const store = createMachinesStore(bridge, ending.signal);
    bridge.tellOnce('machines.changed', machinesEvent([sampleMachine(1)]));
    bridge.tell('accounts.changed', accountsEvent(sampleAccount({ account: 'lab' })));
    expect(store.getState().byAccount.has('acme')).toBe(false);
  });
  it('are not listened to after the end', () => {
    const store = createMachinesStore(bridge, ending.signal);
    ending.abort();
    bridge.tellOnce('machines.changed', machinesEvent([sampleMachine(1)]));
    expect(store.getState().byAccount.size).toBe(0);
  });
});

describe('sessions', () => {
  it('are listed with the newest first', () => {
    const store = createSessionsStore(bridge, ending.signal);
    const older = sampleSession(1, { started_at: '2026-11-24T08:00:00Z' });
    bridge.tellOnce('sessions.changed', sessionsEvent([older, sampleSession(2)]));
    expect(sessionsOf(store.getState(), 'acme').order).toEqual([uuid(1002), uuid(1001)]);
  });
  it('are gone when they are told as closed (zombie sessions, wrong presence)', () => {
    const store = createSessionsStore(bridge, ending.signal);
    bridge.tellOnce('sessions.changed', sessionsEvent([sampleSession(1), sampleSession(2)]));
    bridge.tellOnce('sessions.changed', sessionsEvent([sampleSession(1, { status: 'closed' })], { replace: false }));
    expect(sessionsOf(store.getState(), 'acme').order).toEqual([uuid(1002)]);
  });
});

describe('terminals', () => {
  it('count as live while their session may run, also when the link is cut', () => {
    const store = createTerminalsStore(bridge, ending.signal);
    bridge.tell('terminals.changed', [
      sampleTerminal(1),
      sampleTerminal(2, { state: { at: 'reconnecting', next_try_at: null } }),
      sampleTerminal(3, { state: { at: 'ended', exit_code: 0, reason: 'exited', duration_ms: 1 } }),
    ]);
    expect(liveCount(store.getState())).toBe(2);
  });
  it('are found by their session, unless they are being closed', () => {
    const store = createTerminalsStore(bridge, ending.signal);
    bridge.tell('terminals.changed', [sampleTerminal(1), sampleTerminal(2, { state: { at: 'closing' } })]);
    expect(terminalOfSession(store.getState(), uuid(1001))?.terminal).toBe('t1');
    expect(terminalOfSession(store.getState(), uuid(1002))).toBeUndefined();
  });
});

describe('this workstation', () => {
  it('says who is on it, and nobody while it does not run', () => {
    const store = createWorkstationStore(bridge, ending.signal);
    expect(presentOn(store.getState())).toEqual([]);
    const present = {
      session_id: 's',
      username: 'maria',
      source: 'desktop',
      machine_role: 'sudo' as const,
      started_at: '2026-11-24T09:00:00Z',
      attached: true,
    };
    const status = {
      type: 'status' as const,
      pid: 1,
      version: '1',
      host: 'h',
      agent_id: 'a',
      name: 'n',
      link: { at: 'connecting' as const },
      sessions: [present],
      updated_at: '2026-11-24T09:00:00Z',
    };
    bridge.tell('workstation.changed', sampleWorkstation({ state: 'running', status }));
    expect(presentOn(store.getState())).toEqual([present]);
  });
});

describe('settings, notices, connection', () => {
  it('are the defaults until they were told', () => {
    const store = createSettingsStore(bridge, ending.signal);
    const { settings, known } = store.getState();
    expect(known).toBe(false);
    expect(settings.appearance.theme).toBe('system');
    bridge.tell('settings.changed', { ...settings, appearance: { theme: 'dark', density: 'compact' } });
    expect(store.getState().settings.appearance.theme).toBe('dark');
  });
  it('follow what the main process says', () => {
    const notices = createNoticesStore(bridge, ending.signal);
    const connection = createConnectionStore(bridge, ending.signal);
    bridge.tell('notices.changed', [{ id: 'n', level: 'warning', code: 'keychain', message: 'No keychain.' }]);
    bridge.setConnected(false);
    expect(notices.getState().notices).toHaveLength(1);
    expect(connection.getState().connected).toBe(false);
  });
});
