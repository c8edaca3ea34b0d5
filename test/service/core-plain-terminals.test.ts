/** Terminals on a server that speaks only the plain, published dialect. */
import { describe, expect, it } from 'vitest';
import { AGENT_ID, startContractServer, type ContractRules } from './core/contract-server.ts';
import { openDesktop } from './core/desktop.ts';
import { noticeCodes, signIn } from './core/people.ts';
import { openScreen } from './core/screen.ts';

const person = { email: 'ada@harbour.test', password: 'whatever it is' };

async function opened(terminal: NonNullable<ContractRules['terminal']>) {
  const server = await startContractServer({ terminal });
  const desktop = await openDesktop();
  const account = await signIn(desktop, server, person);
  const wish = { account, agent_id: AGENT_ID, cols: 90, rows: 30 };
  const answer = await desktop.window.call('terminals.open', wish);
  if (!answer.ok) throw new Error(answer.failure.message);
  const { terminal: id } = answer.value;
  const state = () => desktop.window.latest('terminals.changed')?.find((each) => each.terminal === id)?.state;
  await expect.poll(state).toMatchObject({ at: 'attached' });
  return {
    server,
    desktop,
    state,
    screen: openScreen(desktop.window, id),
    async [Symbol.asyncDispose]() {
      await desktop[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('a server of the plain dialect', () => {
  it('is used by a second connection that offers nothing, its token never in the address, and the person is told', async () => {
    await using work = await opened((socket) => socket.send('$ '));
    await expect.poll(() => work.screen.text()).toBe('$ ');
    const dialled = work.server.dialled.map(({ headers, url }) => ({
      offered: headers['sec-websocket-protocol'],
      authorization: headers.authorization,
      url,
    }));
    const path = `/api/terminal/${AGENT_ID}/ws`;
    const authorization = 'Bearer token-1';
    expect(dialled).toEqual([
      { offered: 'webxterm.v1', authorization, url: path },
      { offered: undefined, authorization, url: `${path}?source=desktop&cols=90&rows=30` },
    ]);
    await expect.poll(() => noticeCodes(work.desktop)).toContain('plain-server');
  });

  it('echoes what is typed, hears of sizes, and its end is the terminal’s', async () => {
    await using work = await opened((socket) => {
      socket.on('message', (data: Buffer) => {
        const text = data.toString();
        if (text.startsWith('{"type":"resize"')) socket.send(`<${text}>`);
        else if (text.includes('exit')) socket.close(1000);
        else socket.send(`[${text}]`);
      });
    });
    work.screen.type('häus 🏠');
    await expect.poll(() => work.screen.text()).toContain('[häus 🏠]');
    work.screen.resize(120, 40);
    await expect.poll(() => work.screen.text()).toContain('"cols":120,"rows":40');
    work.screen.type('exit\r');
    await expect.poll(work.state).toMatchObject({ at: 'ended', reason: 'exited', exit_code: null });
    expect(work.screen.last('exit')).toMatchObject({ reason: 'exited' });
  });

  it('that sends its output as JSON is understood and answered in kind', async () => {
    await using work = await opened((socket) => {
      socket.send(JSON.stringify({ type: 'output', output: 'welcome ' }));
      socket.on('message', (data: Buffer) => {
        const text = data.toString();
        if (text.startsWith('{"type":"input"')) socket.send(JSON.stringify({ type: 'output', output: `<${text}>` }));
      });
    });
    await expect.poll(() => work.screen.text()).toBe('welcome ');
    work.screen.type('ls');
    await expect.poll(() => work.screen.text()).toBe('welcome <{"type":"input","input":"ls"}>');
  });

  it('that floods is read only as fast as the window draws, and every byte arrives', async () => {
    const line = `${'0123456789'.repeat(100)}\n`;
    await using work = await opened((socket) => {
      for (let n = 0; n < 3000; n += 1) socket.send(line);
    });
    await expect.poll(() => work.screen.text().length, { timeout: 20_000 }).toBe(line.length * 3000);
    expect(work.screen.text()).toBe(line.repeat(3000));
    expect(work.screen.missing).toBe(0);
  });

  it('whose connection breaks ends the terminal, which is said', async () => {
    await using work = await opened((socket) => {
      socket.on('message', (data: Buffer) => {
        if (data.toString().includes('cut')) socket.terminate();
      });
    });
    work.screen.type('cut');
    await expect.poll(work.state).toMatchObject({ at: 'ended', reason: 'connection-lost' });
  });
});
