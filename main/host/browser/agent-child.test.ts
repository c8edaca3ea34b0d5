import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentStatus } from '../../../protocol/agent/status.ts';
import { startAgentChild } from './agent-child.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'webxterm-agent-child-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function agentThat(does: string): Promise<string> {
  const file = path.join(folder, 'agent.mjs');
  await writeFile(file, does);
  return file;
}
const status = (host: string) => ({
  type: 'status',
  pid: 7,
  version: '1.0.0',
  host,
  agent_id: 'x',
  name: 'desk',
  link: { at: 'connecting' },
  sessions: [],
  updated_at: '2026-01-01T00:00:00.000Z',
});

describe('the agent as a child', () => {
  it('reads its token from standard input: it stands in no argument and no environment', async () => {
    const agentFile = await agentThat(`
      import { text } from 'node:stream/consumers';
      const input = await text(process.stdin);
      const seen = JSON.stringify([process.argv, process.env]);
      process.stderr.write(JSON.stringify([input, seen.includes('vsay_rt_secret'), process.env.HTTPS_PROXY, process.argv.slice(2)]));
      process.exit(0);`);
    const agent = startAgentChild({ agentFile, env: process.env }, ['configure', '--token', '-'], {
      input: 'vsay_rt_secret',
      env: { HTTPS_PROXY: 'http://proxy.example' },
    });
    const { code, stderr } = await agent.exited;
    expect(code).toBe(0);
    expect(JSON.parse(stderr)).toEqual([
      'vsay_rt_secret',
      false,
      'http://proxy.example',
      ['configure', '--token', '-'],
    ]);
  });

  it('tells its status, and nothing that is none is handed on', async () => {
    const agentFile = await agentThat(`
      for (const message of ['x', { type: 'status' }, ${JSON.stringify(status('https://a.example'))}]) process.send(message);
      process.disconnect();`);
    const heard: AgentStatus[] = [];
    const agent = startAgentChild({ agentFile, env: process.env }, ['start']);
    agent.onStatus((told) => heard.push(told));
    expect((await agent.exited).code).toBe(0);
    expect(heard).toEqual([status('https://a.example')]);
  });

  it('is told what to do', async () => {
    const agentFile = await agentThat(`
      process.on('message', (message) => { process.stderr.write(message.type); process.exit(5); });`);
    const agent = startAgentChild({ agentFile, env: process.env }, ['start']);
    agent.send({ type: 'reconnect' });
    expect(await agent.exited).toEqual({ code: 5, stderr: 'reconnect' });
    agent.send({ type: 'stop' });
  });

  it('ends at a kill, which is told without a code', async () => {
    const agentFile = await agentThat(`process.send(${JSON.stringify(status('x'))}); setInterval(() => {}, 1000);`);
    const agent = startAgentChild({ agentFile, env: process.env }, ['start']);
    agent.onStatus(() => {
      agent.kill();
    });
    expect((await agent.exited).code).toBeNull();
  });

  it('that is not there ends at once, with the reason', async () => {
    const agent = startAgentChild({ agentFile: path.join(folder, 'none.mjs'), env: process.env }, ['start'], {
      input: 'never read',
    });
    const { code, stderr } = await agent.exited;
    expect(code).toBe(1);
    expect(stderr).toContain('Cannot find module');
  });
});
