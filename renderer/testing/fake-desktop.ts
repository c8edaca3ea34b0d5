/** A desktop in memory behind the fake bridge: accounts, machines, sessions and terminals that answer as the real one does. */
import type { Machine } from '../../protocol/api/machines.ts';
import type { Session } from '../../protocol/api/terminals.ts';
import type { Account, EventOf, Terminal } from '../../protocol/bridge/events.ts';
import { settings as settingsSchema, type Settings } from '../../protocol/bridge/settings.ts';
import { createFakeBridge, fails, succeeds, type FakeBridge } from './fake-bridge.ts';
import { createFakeShell } from './fake-shell.ts';
import {
  accountsEvent,
  machinesEvent,
  sampleAccount,
  sampleTerminal,
  sampleWorkstation,
  sessionsEvent,
} from './samples.ts';

export interface FakeDesktop {
  readonly bridge: FakeBridge;
  signIn(account?: Partial<Account>): void;
  setAccount(change: Partial<Account>): void;
  setMachines(machines: readonly Machine[], change?: Partial<EventOf<'machines.changed'>>): void;
  setSessions(sessions: readonly Session[], change?: Partial<EventOf<'sessions.changed'>>): void;
  setTerminals(terminals: readonly Terminal[]): void;
  setSettings(change: Partial<Settings>): void;
}

const UNDO_MS = 10_000;
const password = 'correct horse';

export function createFakeDesktop(now: () => number): FakeDesktop {
  const bridge = createFakeBridge();
  let accounts: Account[] = [];
  let machines: readonly Machine[] = [];
  let terminals: readonly Terminal[] = [];
  let settings = settingsSchema.parse({});
  let layout: string | null = null;
  let opened = 100;

  const tellAccounts = () => bridge.tell('accounts.changed', accountsEvent(...accounts));
  const tellTerminals = () => bridge.tell('terminals.changed', [...terminals]);
  const newTerminal = (agentId: string, sessionId: string | null) => {
    opened += 1;
    const terminal: Terminal = {
      ...sampleTerminal(opened),
      agent_id: agentId,
      machine_name: machines.find((machine) => machine.agent_id === agentId)?.name ?? 'unknown',
      started_at: new Date(now()).toISOString(),
      ...(sessionId !== null && { session_id: sessionId }),
    };
    terminals = [...terminals, terminal];
    tellTerminals();
    return succeeds({ terminal: terminal.terminal });
  };
  const changeTerminal = (id: string, change: Partial<Terminal>) => {
    terminals = terminals.map((terminal) => (terminal.terminal === id ? { ...terminal, ...change } : terminal));
    tellTerminals();
  };

  bridge.answer('app.info', () => succeeds({ version: '0.1.0', platform: 'linux' as const, computer: 'maria-laptop' }));
  bridge.answer('layout.load', () => succeeds(layout));
  bridge.answer('layout.save', (input) => {
    layout = input.layout;
    return succeeds(null);
  });
  bridge.answer('servers.check', ({ address }) => {
    if (address.includes('nowhere')) return fails('name-not-found');
    return succeeds({
      address: `https://${address}`,
      version: '0.1.0',
      encrypted: !address.startsWith('http:'),
      local: false,
      providers: [],
    });
  });
  bridge.answer('accounts.sign-in', (input) => {
    if (input.address.includes('nowhere')) return fails('name-not-found');
    if (input.password !== password)
      return {
        ok: false,
        failure: { code: 'wrong-credentials', message: 'The email address or the password is not right.' },
      };
    accounts = [
      ...accounts,
      sampleAccount({ account: `a${accounts.length}`, address: input.address, email: input.email }),
    ];
    tellAccounts();
    const done = { sign_in: `s${accounts.length}`, at: 'signed-in' as const, account: accounts.at(-1)?.account ?? '' };
    bridge.tell('sign-in.changed', done);
    return succeeds(done);
  });
  bridge.answer('sign-in.cancel', () => {
    bridge.tell('sign-in.changed', null);
    return succeeds(null);
  });
  bridge.answer('accounts.sign-out', ({ account }) => {
    accounts = accounts.filter((each) => each.account !== account);
    tellAccounts();
    return succeeds(null);
  });
  bridge.answer('accounts.activate', ({ account }) => {
    bridge.tell('accounts.changed', { ...accountsEvent(...accounts), active: account });
    return succeeds(null);
  });
  bridge.answer('machines.get', ({ agent_id }) => {
    const machine = machines.find((each) => each.agent_id === agent_id);
    return machine ? succeeds({ ...machine, metadata: { kernel: '6.1.0-18-amd64', cpus: 8 } }) : fails('internal');
  });
  bridge.answer('machines.create', ({ name }) =>
    succeeds({
      agent_id: '00000000-0000-4000-8000-0000000000ff',
      name,
      registration_token: 'wxr_2yQ8kq0v7sB1hR4tU6wXzA3cE5gJ7mN9pS',
      commands: [
        {
          os: 'linux' as const,
          command: 'curl -fsSL https://terminals.acme.example/install/agent.sh | sh -s -- --token -',
        },
        {
          os: 'macos' as const,
          command: 'curl -fsSL https://terminals.acme.example/install/agent.sh | sh -s -- --token -',
        },
      ],
    }),
  );
  bridge.answer('terminals.open', ({ agent_id }) => newTerminal(agent_id, null));
  bridge.answer('terminals.adopt', ({ agent_id, session_id }) => newTerminal(agent_id, session_id));
  bridge.answer('terminals.close', ({ terminal }) => {
    changeTerminal(terminal, { state: { at: 'closing' } });
    return succeeds({ undo_ms: UNDO_MS });
  });
  bridge.answer('terminals.keep', ({ terminal }) => {
    changeTerminal(terminal, { state: { at: 'attached', mode: 'control' } });
    return succeeds(null);
  });
  bridge.answer('terminals.rename', ({ terminal, title }) => {
    changeTerminal(terminal, { title });
    return succeeds(null);
  });
  bridge.answer('settings.update', (patch) => {
    settings = settingsSchema.parse({
      ...settings,
      ...patch,
      appearance: { ...settings.appearance, ...patch.appearance },
      terminal: { ...settings.terminal, ...patch.terminal },
      network: { ...settings.network, ...patch.network },
      notifications: { ...settings.notifications, ...patch.notifications },
    });
    bridge.tell('settings.changed', settings);
    return succeeds(null);
  });
  bridge.answer('notices.dismiss', () => {
    bridge.tell('notices.changed', []);
    return succeeds(null);
  });
  bridge.onTerminal((id) => {
    const name = terminals.find(({ terminal }) => terminal === id)?.machine_name ?? id;
    return createFakeShell(
      `Linux ${name} 6.1.0-18-amd64\r\n\r\n`,
      `\u001b[32mmaria@${name}\u001b[0m:\u001b[34m~\u001b[0m$ `,
    );
  });
  bridge.tell('settings.changed', settings);
  bridge.tell('notices.changed', []);
  bridge.tell('sign-in.changed', null);
  bridge.tell('workstation.changed', sampleWorkstation());
  tellAccounts();
  tellTerminals();

  return {
    bridge,
    signIn(change = {}) {
      accounts = [...accounts, sampleAccount(change)];
      tellAccounts();
    },
    setAccount(change) {
      accounts = accounts.map((account) => ({ ...account, ...change }));
      tellAccounts();
    },
    setMachines(next, change = {}) {
      machines = next;
      bridge.tell('machines.changed', machinesEvent(next, change));
    },
    setSessions(next, change = {}) {
      bridge.tell('sessions.changed', sessionsEvent(next, change));
    },
    setTerminals(next) {
      terminals = next;
      tellTerminals();
    },
    setSettings(change) {
      settings = settingsSchema.parse({ ...settings, ...change });
      bridge.tell('settings.changed', settings);
    },
  };
}
