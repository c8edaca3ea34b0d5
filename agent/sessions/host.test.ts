/** Sessions on real terminals, without a network: what the exchange decides is done, and nothing is left at the end. */
import { EventEmitter, once } from 'node:events';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { encode, decode } from '../../protocol/wire/frame.ts';
import type { FromAgent } from '../../protocol/wire/control.ts';
import { createExchange } from './exchange.ts';
import { createSessionHost, MOST_SESSIONS, type SessionHost, type SessionHostParts } from './host.ts';
import type { LaunchPlan } from './launch.ts';
import { createStartPty } from './start-pty.ts';

const hosts: SessionHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.endAll()));
});

const shell: LaunchPlan = {
  ok: true,
  role: 'sudo',
  telling: null,
  command: { file: '/bin/sh', args: [], env: { PATH: '/usr/bin:/bin', PS1: '$ ' }, cwd: '/' },
};

function createHost(change: Partial<SessionHostParts> = {}) {
  const told: FromAgent[] = [];
  const output: Buffer[] = [];
  let changes = 0;
  const host = createSessionHost({
    exchange: createExchange(),
    startPty: createStartPty(process.platform),
    plan: () => Promise.resolve(shell),
    moment: () => ({ monotonic: performance.now(), wall: Date.now() }),
    changed: () => (changes += 1),
    report: () => undefined,
    graceMs: 100,
    ...change,
  });
  hosts.push(host);
  host.linkUp({
    tell: (message) => told.push(message),
    send: (bytes) => {
      const decoded = decode(bytes);
      if (decoded.ok && decoded.frame.kind === 'output') output.push(Buffer.from(decoded.frame.payload));
    },
    ping: (id) => setImmediate(() => host.pong(id)),
    refuse: () => undefined,
  });
  return { host, told, text: () => Buffer.concat(output).toString(), changes: () => changes };
}

const size = { cols: 80, rows: 24 };
const open = (session_id: string) =>
  ({
    type: 'open',
    session_id,
    user_id: 'u1',
    username: 'ann',
    source: 'desktop',
    machine_role: 'sudo',
    ...size,
    ttl_s: 60,
  }) as const;
const attach = (session_id: string) =>
  ({
    type: 'attach',
    session_id,
    channel: 1,
    mode: 'control',
    client: 'c1',
    want: null,
    from: null,
    consumed: null,
    window: 1024 * 1024,
    ...size,
  }) as const;

function noPty(): never {
  throw new Error('forkpty(3) failed.');
}

async function opened(host: SessionHost, told: readonly FromAgent[], session: string): Promise<void> {
  host.receive(open(session));
  await eventually(() => expect(told).toContainEqual({ type: 'opened', session_id: session }));
}

/** Waits until it is so: as long as a busy computer may need. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 10 });

describe('a session', () => {
  it('opens, is typed into, and tells how it ended', async () => {
    const { host, told, text } = createHost();
    await opened(host, told, 's1');
    host.receive(attach('s1'));
    host.receiveFrame(
      encode({ kind: 'input', channel: 1, offset: 0, typedAt: 0, payload: Buffer.from('echo 4$((1+1))\nexit 7\n') }),
    );
    await eventually(() => expect(told).toContainEqual(expect.objectContaining({ type: 'exit', exit_code: 7 })));
    expect(text()).toContain('42');
  });

  it('is in the list with who opened it and whether it is on a screen', async () => {
    const { host, told, changes } = createHost();
    await opened(host, told, 's1');
    expect(host.list()).toMatchObject([{ session_id: 's1', username: 'ann', source: 'desktop', attached: false }]);
    host.receive(attach('s1'));
    expect(host.list()).toMatchObject([{ attached: true }]);
    host.linkLost();
    expect(host.list()).toMatchObject([{ attached: false }]);
    expect(changes()).toBeGreaterThanOrEqual(3);
  });

  it('lives on without a link, and its shell ends when the person ends it', async () => {
    const { host, told } = createHost();
    await opened(host, told, 's1');
    host.linkLost();
    expect(host.hello()).toMatchObject([{ session_id: 's1', exited: false }]);
    host.end('s1');
    expect(host.list()).toEqual([]);
    expect(host.hello()).toEqual([]);
  });

  it('gets what was typed while it was starting', async () => {
    const gate = new EventEmitter();
    const planned = once(gate, 'go').then(() => shell);
    const { host, text } = createHost({ plan: () => planned });
    host.receive(open('s1'));
    host.receive(attach('s1'));
    host.receiveFrame(
      encode({ kind: 'input', channel: 1, offset: 0, typedAt: 0, payload: Buffer.from('echo ear$((1+1))ly\n') }),
    );
    gate.emit('go');
    await eventually(() => expect(text()).toContain('ear2ly'));
  });

  it('gets the size that was asked for while it was starting', async () => {
    const gate = new EventEmitter();
    const planned = once(gate, 'go').then(() => shell);
    const { host, told, text } = createHost({ plan: () => planned });
    host.receive(open('s1'));
    host.receive(attach('s1'));
    host.receive({ type: 'resize', channel: 1, cols: 111, rows: 33 });
    gate.emit('go');
    await eventually(() => expect(told).toContainEqual({ type: 'opened', session_id: 's1' }));
    host.receiveFrame(
      encode({ kind: 'input', channel: 1, offset: 0, typedAt: 0, payload: Buffer.from('stty size\n') }),
    );
    await eventually(() => expect(text()).toContain('33 111'));
  });

  it('that was closed while it was starting starts nothing', async () => {
    const gate = new EventEmitter();
    const planned = once(gate, 'go').then(() => shell);
    const startPty = vi.fn(createStartPty(process.platform));
    const { host, told } = createHost({ plan: () => planned, startPty });
    host.receive(open('s1'));
    host.receive({ type: 'close', session_id: 's1', reason: 'closed' });
    gate.emit('go');
    await planned;
    await Promise.resolve();
    expect(startPty).not.toHaveBeenCalled();
    expect(told.filter(({ type }) => type === 'opened')).toEqual([]);
  });
});

describe('a refusal', () => {
  it('names its reason', async () => {
    const plan: LaunchPlan = { ok: false, code: 'role-not-enforceable', message: 'no' };
    const { host, told } = createHost({ plan: () => Promise.resolve(plan) });
    host.receive(open('s1'));
    await eventually(() =>
      expect(told).toEqual([{ type: 'refused', session_id: 's1', code: 'role-not-enforceable', message: 'no' }]),
    );
    expect(host.list()).toEqual([]);
  });

  it('a terminal that cannot be had is one', async () => {
    const { host, told } = createHost({ startPty: noPty });
    host.receive(open('s1'));
    await eventually(() => expect(told).toMatchObject([{ type: 'refused', code: 'pty-failed' }]));
  });

  it('so is one session too many', () => {
    const { host, told } = createHost({ plan: () => new Promise(() => undefined) });
    for (let index = 0; index <= MOST_SESSIONS; index += 1) host.receive(open(`s${index}`));
    expect(told).toMatchObject([{ type: 'refused', session_id: `s${MOST_SESSIONS}`, code: 'too-many-sessions' }]);
  });
});

describe('the end of the agent', () => {
  it('ends every shell, tells the service of each, and leaves no process', async () => {
    const startPty = createStartPty(process.platform);
    const pids: number[] = [];
    const { host, told } = createHost({
      startPty: (command, wished, listener) => {
        const pty = startPty({ ...command, args: ['-c', 'trap "" HUP; while :; do sleep 1; done'] }, wished, listener);
        pids.push(pty.pid);
        return pty;
      },
    });
    await opened(host, told, 's1');
    await opened(host, told, 's2');
    await host.endAll();
    expect(told.filter(({ type }) => type === 'ended')).toHaveLength(2);
    expect(pids).toHaveLength(2);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
