import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentCommand, AgentStatus } from '../../../protocol/agent/status.ts';
import type { AgentProcess } from '../../host/host.ts';
import { fakeLog } from '../fake-log.ts';
import { createSupervisor } from './supervisor.ts';

const status = (link: AgentStatus['link']): AgentStatus => ({
  type: 'status',
  pid: 4711,
  version: '1',
  host: 'https://backend.example',
  agent_id: 'a',
  name: 'crane',
  link,
  sessions: [],
  updated_at: '2026-01-15T12:00:00.000Z',
});
const online: AgentStatus['link'] = { at: 'online', since: '2026-01-15T12:00:00.000Z', latency_ms: 3 };

interface FakeAgent extends AgentProcess {
  readonly told: readonly AgentCommand[];
  readonly killed: boolean;
  says(status: AgentStatus): void;
  ends(code: number | null, stderr?: string): Promise<void>;
}
function fakeAgent(): FakeAgent {
  const told: AgentCommand[] = [];
  let listener: ((status: AgentStatus) => void) | null = null;
  let end: ((how: { code: number | null; stderr: string }) => void) | null = null;
  let killed = false;
  const exited = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    end = resolve;
  });
  return {
    told,
    exited,
    get killed() {
      return killed;
    },
    onStatus(next) {
      listener = next;
    },
    send: (command) => told.push(command),
    kill() {
      killed = true;
      end?.({ code: null, stderr: '' });
    },
    says: (each) => listener?.(each),
    async ends(code, stderr = '') {
      end?.({ code, stderr });
      await exited;
      await Promise.resolve();
    },
  };
}

function setUp() {
  const agents: FakeAgent[] = [];
  const supervisor = createSupervisor({
    launch: () => {
      const agent = fakeAgent();
      agents.push(agent);
      return agent;
    },
    log: fakeLog(),
    now: Date.now,
    backoff: (attempt) => 1000 * 2 ** attempt,
  });
  const nth = (n: number): FakeAgent => {
    const agent = agents[n];
    if (agent === undefined) throw new Error(`agent ${n} was not started`);
    return agent;
  };
  return { supervisor, agents, nth };
}

describe('the agent of this computer', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  it('runs once, however often it is started', () => {
    const { supervisor, agents, nth } = setUp();
    supervisor.start();
    supervisor.start();
    expect(agents.length).toBe(1);
    expect(supervisor.state.value.at).toBe('starting');
    nth(0).says(status(online));
    expect(supervisor.state.value).toMatchObject({ at: 'running', status: { link: online }, failure: null });
  });

  it('that crashes is started again, later each time, with what it said last', async () => {
    const { supervisor, agents, nth } = setUp();
    supervisor.start();
    await nth(0).ends(1, 'out of memory');
    expect(supervisor.state.value).toMatchObject({
      at: 'resting',
      failure: { code: 'agent-failed', detail: 'It ended with code 1. out of memory' },
    });
    vi.advanceTimersByTime(1000);
    await nth(1).ends(null);
    vi.advanceTimersByTime(1999);
    expect(agents.length).toBe(2);
    vi.advanceTimersByTime(1);
    expect(agents.length).toBe(3);
  });

  it('that ran well for long is started again soon', async () => {
    const { supervisor, agents, nth } = setUp();
    supervisor.start();
    await nth(0).ends(1);
    vi.advanceTimersByTime(1000);
    vi.advanceTimersByTime(60_000);
    await nth(1).ends(1);
    vi.advanceTimersByTime(1000);
    expect(agents.length).toBe(3);
  });

  it('that was replaced by a clone stays away and says so', async () => {
    const { supervisor, agents, nth } = setUp();
    supervisor.start();
    nth(0).says(status({ at: 'stopped', code: 'replaced', message: 'A clone took its place.' }));
    await nth(0).ends(0);
    vi.advanceTimersByTime(600_000);
    expect(agents.length).toBe(1);
    expect(supervisor.state.value).toMatchObject({
      at: 'off',
      failure: { message: 'A clone took its place.', detail: 'replaced' },
    });
  });

  it('whose machine was removed is not started again', async () => {
    const { supervisor, agents, nth } = setUp();
    supervisor.start();
    await nth(0).ends(5, 'The server removed this machine.');
    vi.advanceTimersByTime(600_000);
    expect(agents.length).toBe(1);
    expect(supervisor.state.value.at).toBe('off');
  });

  it('is asked to stop, and waited for', async () => {
    const { supervisor, nth } = setUp();
    supervisor.start();
    let stopped = false;
    const stopping = supervisor.stop().then(() => (stopped = true));
    await vi.advanceTimersByTimeAsync(100);
    expect({ told: nth(0).told, stopped }).toEqual({ told: [{ type: 'stop' }], stopped: false });
    await nth(0).ends(0);
    await stopping;
    expect(supervisor.state.value).toEqual({ at: 'off', status: null, failure: null });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(nth(0).killed).toBe(false);
  });

  it('that does not stop is killed', async () => {
    const { supervisor, nth } = setUp();
    supervisor.start();
    const stopping = supervisor.stop();
    await vi.advanceTimersByTimeAsync(5_000);
    await stopping;
    expect(nth(0).killed).toBe(true);
  });

  it('that is stopped while it rests does not come back', async () => {
    const { supervisor, agents, nth } = setUp();
    supervisor.start();
    await nth(0).ends(1);
    await supervisor.stop();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(agents.length).toBe(1);
  });
});
