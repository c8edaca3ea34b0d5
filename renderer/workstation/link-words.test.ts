import { describe, expect, it } from 'vitest';
import type { AgentStatus } from '../../protocol/agent/status.ts';
import { sampleWorkstation } from '../testing/samples.ts';
import { agentWords, ladder } from './link-words.ts';

const status = (link: AgentStatus['link']): AgentStatus => ({
  type: 'status',
  pid: 1,
  version: '1.0.0',
  host: 'terminals.acme.example',
  agent_id: 'a',
  name: 'laptop',
  link,
  sessions: [],
  updated_at: '2026-11-24T10:00:00Z',
});

describe('the agent of this computer', () => {
  it('is online only when its link is, not because its process runs (looks attached, stream is dead)', () => {
    expect(agentWords(sampleWorkstation({ state: 'running' })).tone).toBe('busy');
    const online = status({ at: 'online', since: '2026-11-24T10:00:00Z', latency_ms: 3 });
    expect(agentWords(sampleWorkstation({ state: 'running', status: online })).words).toBe('Online');
    const waiting = status({
      at: 'waiting',
      next_try_at: '2026-11-24T10:00:00Z',
      failed_step: 'tls',
      code: 'x',
      message: 'y',
    });
    expect(agentWords(sampleWorkstation({ state: 'running', status: waiting })).words).toBe('Not connected');
  });
  it('shows at which step connecting fails (why is it offline?)', () => {
    expect(ladder('tls').map(({ step, state }) => `${step} ${state}`)).toEqual([
      'name passed',
      'tcp passed',
      'tls failed',
      'http ahead',
      'version ahead',
      'credential ahead',
    ]);
  });
  it('names the proxy where it is what fails', () => {
    expect(ladder('proxy').find(({ step }) => step === 'proxy')?.state).toBe('failed');
  });
});
