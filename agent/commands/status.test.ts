/** The status in words. */
import { describe as group, expect, it } from 'vitest';
import type { AgentStatus } from '../../protocol/agent/status.ts';
import { describe } from './status.ts';

const config = { name: 'box', host: 'https://shell.example.org' };
const status: AgentStatus = {
  type: 'status',
  pid: 7,
  version: '1.0.0',
  ...config,
  agent_id: 'a',
  link: { at: 'online', since: '2026-01-02T03:04:05.000Z', latency_ms: 12.3 },
  sessions: [],
  updated_at: '2026-01-02T03:04:05.000Z',
};

group('the status for people', () => {
  it('says where it belongs and since when it is online', () => {
    expect(describe(config, { running: true, status })).toEqual([
      'box at https://shell.example.org',
      'Online since 2026-01-02T03:04:05.000Z, 12.3 ms there and back.',
      'No sessions.',
    ]);
  });

  it('says who has a shell', () => {
    const session = {
      session_id: 's',
      username: 'ann',
      source: 'desktop',
      machine_role: 'non-sudo',
      started_at: 'T',
      attached: true,
    } as const;
    expect(describe(config, { running: true, status: { ...status, sessions: [session] } }).slice(2)).toEqual([
      '1 session:',
      '  ann by desktop, non-sudo, since T, on a screen',
    ]);
  });

  it('why is it offline? It names the step, the reason and the next try', () => {
    const link = {
      at: 'waiting',
      next_try_at: 'T',
      failed_step: 'tls',
      code: 'tls-untrusted',
      message: 'Not trusted.',
    } as const;
    expect(describe(config, { running: true, status: { ...status, link } })).toContain(
      'Not connected. It failed at the step tls (tls-untrusted): Not trusted.',
    );
  });

  it('says that nothing runs, and how to start it', () => {
    expect(describe(config, { running: false, status: null })[1]).toContain('webxterm-agent start');
  });
});
