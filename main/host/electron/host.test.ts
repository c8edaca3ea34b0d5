import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import type { AgentStatus } from '../../../protocol/agent/status.ts';
import type { Utility } from './agent-process.ts';
import { createElectronHost } from './host.ts';

function setUp() {
  const opened: string[] = [];
  const powerMonitor = new EventEmitter();
  const forked: { file: string; args: string[]; options: object; utility: EventEmitter; posted: unknown[] }[] = [];
  const fork = (file: string, args: string[], options: object): Utility => {
    const posted: unknown[] = [];
    const utility = Object.assign(new EventEmitter(), {
      stderr: new EventEmitter(),
      postMessage: (message: unknown) => posted.push(message),
      kill: () => posted.push('killed') > 0,
    });
    forked.push({ file, args, options, utility, posted });
    return utility;
  };
  const host = createElectronHost({
    profile: '/profile',
    version: '1.0.0',
    shell: { openExternal: (url) => Promise.resolve(void opened.push(url)) },
    clipboard: { readText: () => Promise.resolve('copied') },
    showNotification: () => {},
    powerMonitor,
    session: { resolveProxy: (url) => Promise.resolve(`PROXY proxy.example:3128 for ${url}`) },
    utility: { fork, entryFile: '/app/agent.js', env: { PATH: '/bin', UNSET: undefined } },
    now: () => 0,
  });
  return { host, opened, powerMonitor, forked };
}

describe('the host in Electron', () => {
  it('opens pages and mails outside, and nothing else', async () => {
    const { host, opened } = setUp();
    for (const link of ['https://example.com/', 'mailto:ada@example.com', 'file:///bin/sh', 'webxterm://machines', ''])
      await host.openLink(link);
    expect(opened).toEqual(['https://example.com/', 'mailto:ada@example.com']);
  });

  it('knows the proxy that the operating system is set to', async () => {
    const { host } = setUp();
    expect(await host.systemProxy?.('https://a.example')).toBe('PROXY proxy.example:3128 for https://a.example');
  });

  it('notices waking by the system’s own events, until the end', () => {
    const { host, powerMonitor } = setUp();
    const woke = vi.fn<() => void>();
    const ending = new AbortController();
    host.onWake(woke, ending.signal);
    powerMonitor.emit('resume');
    powerMonitor.emit('unlock-screen');
    expect(woke).toHaveBeenCalledTimes(2);
    ending.abort();
    powerMonitor.emit('resume');
    expect(woke).toHaveBeenCalledTimes(2);
    expect(powerMonitor.eventNames()).toEqual([]);
  });
});

describe('the agent in a utility process', () => {
  const status: AgentStatus = {
    type: 'status',
    pid: 7,
    version: '1.0.0',
    host: 'https://terminals.example.com',
    agent_id: 'x',
    name: 'desk',
    link: { at: 'connecting' },
    sessions: [],
    updated_at: '2026-01-01T00:00:00.000Z',
  };

  it('gets its token as a message: in no argument and no environment', () => {
    const { host, forked } = setUp();
    host.startAgent(['configure', '--token', '-'], { input: 'vsay_rt_secret', env: { HTTPS_PROXY: 'http://proxy' } });
    expect(forked[0]).toMatchObject({
      file: '/app/agent.js',
      args: ['configure', '--token', '-'],
      options: { env: { PATH: '/bin', HTTPS_PROXY: 'http://proxy' }, stdio: ['ignore', 'ignore', 'pipe'] },
      posted: [{ type: 'input', input: 'vsay_rt_secret' }],
    });
    expect(JSON.stringify([forked[0]?.args, forked[0]?.options])).not.toContain('secret');
  });

  it('hands its status on, and nothing that is none', () => {
    const { host, forked } = setUp();
    const heard: AgentStatus[] = [];
    host.startAgent(['start']).onStatus((told) => heard.push(told));
    for (const message of [null, { type: 'status' }, status]) forked[0]?.utility.emit('message', message);
    expect(heard).toEqual([status]);
  });

  it('is told what to do while it runs, and tells how it ended', async () => {
    const { host, forked } = setUp();
    const agent = host.startAgent(['start']);
    agent.send({ type: 'reconnect' });
    agent.kill();
    const { utility, posted } = forked[0] ?? { utility: new EventEmitter(), posted: [] };
    if ('stderr' in utility && utility.stderr instanceof EventEmitter)
      utility.stderr.emit('data', Buffer.from('no PTY'));
    utility.emit('exit', 3);
    expect(await agent.exited).toEqual({ code: 3, stderr: 'no PTY' });
    agent.send({ type: 'stop' });
    expect(posted).toEqual([{ type: 'input', input: '' }, { type: 'reconnect' }, 'killed']);
  });
});
