import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentSession, AgentStatus } from '../../../protocol/agent/status.ts';
import { createVisitors } from './visitors.ts';

const at = '2026-01-15T12:00:00.000Z';
const session = (id: string, change: Partial<AgentSession> = {}): AgentSession => ({
  session_id: id,
  username: 'ben',
  source: 'ui',
  machine_role: 'non-sudo',
  started_at: at,
  attached: true,
  ...change,
});
const status = (...sessions: AgentSession[]): AgentStatus => ({
  type: 'status',
  pid: 1,
  version: '1',
  host: 'https://backend.example',
  agent_id: 'a',
  name: 'crane',
  link: { at: 'connecting' },
  sessions,
  updated_at: at,
});

function setUp(own: readonly string[] = []) {
  const notes: { readonly title: string; readonly body: string }[] = [];
  const visitors = createVisitors({ isOwn: (id) => own.includes(id), notify: (note) => notes.push(note) });
  return { visitors, notes };
}

describe('somebody on this computer', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  it('is told once, with who and whether with sudo', () => {
    const { visitors, notes } = setUp();
    visitors.saw(status());
    visitors.saw(status(session('s1', { machine_role: 'sudo' })));
    visitors.saw(status(session('s1', { machine_role: 'sudo', attached: false })));
    vi.advanceTimersByTime(10_000);
    expect(notes.length).toBe(1);
    expect(notes[0]?.title).toContain('ben');
    expect(notes[0]?.body).toContain('sudo');
  });

  it('is no news when it is the person at this very desktop, or was there before', () => {
    const { visitors, notes } = setUp(['mine']);
    visitors.saw(status(session('before')));
    visitors.saw(status(session('before'), session('mine')));
    vi.advanceTimersByTime(10_000);
    expect(notes).toEqual([]);
  });

  it('is told again for each new session, also after the agent was away', () => {
    const { visitors, notes } = setUp();
    visitors.saw(status());
    visitors.saw(status(session('s1'), session('s2')));
    visitors.saw(null);
    visitors.saw(status(session('s3')));
    vi.advanceTimersByTime(10_000);
    expect(notes.length).toBe(3);
  });

  it('is not told after the app was closed', () => {
    const { visitors, notes } = setUp();
    visitors.saw(status());
    visitors.saw(status(session('s1')));
    visitors.stop();
    vi.advanceTimersByTime(10_000);
    expect(notes).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
