/** Samples of what the bridge tells, for tests: valid by the contract, with what a test is about put in. */
import type { Machine } from '../../protocol/api/machines.ts';
import type { Session } from '../../protocol/api/terminals.ts';
import type { Account, EventOf, Terminal, Workstation } from '../../protocol/bridge/events.ts';

/** The n-th id of its kind. */
export const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
export const objectIdOf = (n: number): string => n.toString(16).padStart(24, '0');

export const sampleAccount = (change: Partial<Account> = {}): Account => ({
  account: 'acme',
  address: 'https://terminals.acme.example',
  user_id: objectIdOf(1),
  username: 'maria',
  email: 'maria@acme.example',
  organization: 'Acme',
  tenant_id: 'acme',
  reaches: [{ tenant_id: 'acme', name: 'Acme', username: 'maria' }],
  role: 'company_admin',
  state: 'online',
  latency_ms: 12,
  ...change,
});

export const accountsEvent = (...accounts: readonly Account[]): EventOf<'accounts.changed'> => ({
  active: accounts[0]?.account ?? null,
  last_address: accounts[0]?.address ?? '',
  accounts: [...accounts],
});

export const sampleMachine = (n: number, change: Partial<Machine> = {}): Machine => ({
  id: objectIdOf(n),
  agent_id: uuid(n),
  name: `machine-${n}`,
  description: '',
  os: 'Debian GNU/Linux 12',
  ip_address: `10.0.${Math.floor(n / 250)}.${n % 250}`,
  status: 'online',
  cpu_percent: 12.5,
  memory_percent: 43.1,
  disk_percent: 61,
  network_rx_bytes: 1_234_567,
  network_tx_bytes: 234_567,
  uptime: '5d 12h 30m',
  last_active: '2026-11-24T10:00:00Z',
  ...change,
});

export const machinesEvent = (
  changed: readonly Machine[],
  change: Partial<EventOf<'machines.changed'>> = {},
): EventOf<'machines.changed'> => ({
  account: 'acme',
  load: 'live',
  as_of: null,
  replace: true,
  changed: [...changed],
  removed: [],
  ...change,
});

export const sampleSession = (n: number, change: Partial<Session> = {}): Session => ({
  session_id: uuid(1000 + n),
  agent_id: uuid(n),
  machine_name: `machine-${n}`,
  user_id: objectIdOf(1),
  username: 'maria',
  source: 'desktop',
  status: 'active',
  started_at: '2026-11-24T09:00:00Z',
  browser: null,
  os: 'Linux',
  attached: true,
  ...change,
});

export const sessionsEvent = (
  changed: readonly Session[],
  change: Partial<EventOf<'sessions.changed'>> = {},
): EventOf<'sessions.changed'> => ({
  account: 'acme',
  load: 'live',
  as_of: null,
  replace: true,
  changed: [...changed],
  removed: [],
  ...change,
});

export const sampleTerminal = (n: number, change: Partial<Terminal> = {}): Terminal => ({
  terminal: `t${n}`,
  account: 'acme',
  agent_id: uuid(n),
  machine_name: `machine-${n}`,
  session_id: uuid(1000 + n),
  title: '',
  started_at: '2026-11-24T09:00:00Z',
  state: { at: 'attached', mode: 'control' },
  ...change,
});

export const sampleWorkstation = (change: Partial<Workstation> = {}): Workstation => ({
  state: 'off',
  run_by: null,
  account: null,
  host: null,
  agent_id: null,
  name: null,
  status: null,
  failure: null,
  ...change,
});
