/** Shells an agent opens on this computer: the right person, the right rights, the right environment, every byte. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ToAgent } from '../../protocol/wire/control.ts';
import { eventually, join, openTerminal, size } from './agents-here.ts';
import { startScriptedService } from './scripted-service.ts';
import { createAccount, isRoot } from './throwaway-account.ts';

const open: Extract<ToAgent, { type: 'open' }> = {
  type: 'open',
  session_id: 's1',
  user_id: 'u1',
  username: 'ann',
  source: 'desktop',
  machine_role: 'sudo',
  ...size,
  ttl_s: 600,
};

describe('a shell', () => {
  it('is a login shell with what a login gives, and with nothing of the agent’s own', async () => {
    await using service = await startScriptedService();
    const secrets = {
      WEBXTERM_TOKEN: 'very-secret-1',
      AWS_SECRET_ACCESS_KEY: 'very-secret-2',
      NODE_OPTIONS: '--no-warnings',
      TMUX: '/x',
    };
    await using joined = await join(service, { env: secrets });
    await joined.start();
    const terminal = await openTerminal(await service.nextAgent(), 's1');
    await terminal.ready();
    terminal.type('env; ps -o args= -p $$; locale charmap; echo done=$?.\n');
    await terminal.shows('done=0.');
    const text = terminal.text();
    for (const wanted of ['TERM=xterm-256color', 'COLORTERM=truecolor', 'WEBXTERM_SESSION=s1', '/bin/sh -l', 'UTF-8']) {
      expect(text).toContain(wanted);
    }
    for (const name of ['HOME', 'USER', 'LOGNAME', 'SHELL', 'PATH', 'LANG'])
      expect(text).toMatch(new RegExp(`^${name}=.+`, 'mu'));
    expect(text).not.toContain('very-secret');
    expect(text).not.toMatch(/^(NODE_OPTIONS|TMUX|WEBXTERM_(?!SESSION))/mu);
  });

  it('echoes and shows exact bytes: all of them, wide characters, and a file of noise', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    await joined.start();
    const link = await service.nextAgent();
    const noise = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919 + (index >> 8)) % 256));
    const file = path.join(joined.folder, 'noise');
    writeFileSync(file, noise);
    const terminal = await openTerminal(link, 's1');
    terminal.type('echo 漢字-👩‍👩‍👧-$((1+1))\n');
    await terminal.shows('漢字-👩‍👩‍👧-2');
    // In two parts, so that the echo of the line is not taken for its output.
    terminal.type(`stty raw -echo; printf BEG''IN; cat ${file}; printf E''ND\n`);
    await eventually(() => terminal.bytes().includes('END', terminal.bytes().lastIndexOf('BEGIN') + 1)).toBe(true);
    const shown = terminal.bytes();
    const from = shown.lastIndexOf('BEGIN') + 'BEGIN'.length;
    expect(shown.subarray(from, from + noise.length).equals(noise)).toBe(true);
  });

  it('starts in the folder it was asked for, else at home', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    await joined.start();
    const link = await service.nextAgent();
    const there = await openTerminal(link, 's1', { cwd: joined.folder });
    there.type('echo "in=$PWD."\n');
    await there.shows(`in=${joined.folder}.`);
    link.say({ ...open, session_id: 's2', cwd: '/no/such/folder', shell: '/bin/sh' });
    await link.next('opened'); // and not refused: as with ssh, one lands at home
  });

  it('is refused by name when it is not there', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    await joined.start();
    const link = await service.nextAgent();
    link.say({ ...open, shell: '/bin/no-such-shell' });
    expect(await link.next('refused')).toMatchObject({ session_id: 's1', code: 'shell-not-found' });
  });

  it('Ctrl-C ends a flood that nobody reads any more', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    await joined.start();
    const link = await service.nextAgent();
    link.say({ ...open, shell: '/bin/sh' });
    await link.next('opened');
    const attach = { type: 'attach', session_id: 's1', channel: 1, mode: 'control', client: 'c1', ...size } as const;
    link.say({ ...attach, want: null, from: null, consumed: null, window: 64 * 1024 });
    await link.next('attached');
    const type = (offset: number, text: string) =>
      link.send({ kind: 'input', channel: 1, offset, typedAt: 0, payload: Buffer.from(text) });
    const sent = () =>
      link.frames.reduce((sum, frame) => sum + (frame.kind === 'output' ? frame.payload.length : 0), 0);
    type(0, 'yes\n');
    await eventually(sent).toBe(64 * 1024); // the window is used up, and the agent waits
    type(4, '\u0003');
    const probe = async () => {
      link.say({ type: 'probe', channel: 1, ...size });
      return (await link.next('probed')).taken;
    };
    await eventually(probe).toBe(5); // it reached the terminal although no output moves
    link.send({ kind: 'output-ack', channel: 1, offset: 64 * 1024, window: 1024 * 1024 });
    await eventually(() =>
      Buffer.concat(link.frames.flatMap((frame) => (frame.kind === 'output' ? [frame.payload] : []))).toString(),
    ).toContain('^C');
  });

  it('20 KB typed at a program that does not read do not hold the other sessions', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    await joined.start();
    const link = await service.nextAgent();
    const deaf = await openTerminal(link, 's1');
    deaf.type('stty raw -echo; printf rea; printf dy; sleep 3; head -c 20000 | tr -d x | wc -c\n');
    await deaf.shows('ready');
    deaf.type(Buffer.alloc(20_000, 'x'));
    link.say({ ...open, session_id: 's2', shell: '/bin/sh' });
    await link.next('opened');
    const asked = { type: 'attach', session_id: 's2', channel: 2, mode: 'control', client: 'c2', ...size } as const;
    link.say({ ...asked, want: null, from: null, consumed: null, window: 1024 * 1024 });
    await link.next('attached');
    const since = performance.now();
    link.send({ kind: 'input', channel: 2, offset: 0, typedAt: 0, payload: Buffer.from('echo quick$((1+1))\n') });
    const second = () =>
      Buffer.concat(
        link.frames.flatMap((frame) => (frame.kind === 'output' && frame.channel === 2 ? [frame.payload] : [])),
      );
    await eventually(() => second().toString()).toContain('quick2');
    expect(performance.now() - since).toBeLessThan(1_500);
    await deaf.shows('ready0'); // each of the 20,000 came
  });
});

describe.runIf(isRoot)('whose shell it is', () => {
  const made: { account?: Awaited<ReturnType<typeof createAccount>> } = {};
  const other = () => {
    if (made.account === undefined) throw new Error('no account was made');
    return made.account.account;
  };
  beforeAll(async () => {
    made.account = await createAccount();
  });
  afterAll(() => made.account?.[Symbol.asyncDispose]());

  it('an agent of root runs it as the user it was configured with, with that user’s groups and nothing of root’s', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service, { options: ['--linux-user', other().name] });
    await joined.start();
    const terminal = await openTerminal(await service.nextAgent(), 's1', { machine_role: 'non-sudo' });
    await terminal.ready();
    terminal.type(
      'id -un; id -Gn; grep -E "^(Uid|Gid|CapEff|CapPrm|CapInh|NoNewPrivs)" /proc/self/status; echo "at=$HOME.$PWD."\n',
    );
    await terminal.shows(`at=${other().home}.${other().home}.`);
    const text = terminal.text().replaceAll(/[\t ]+/gu, ' ');
    const { uid, gid, name } = other();
    expect(text).toContain(`${name}\r\n${name}\r\n`);
    for (const line of [`Uid: ${uid} ${uid} ${uid} ${uid}`, `Gid: ${gid} ${gid} ${gid} ${gid}`, 'NoNewPrivs: 1'])
      expect(text).toContain(line);
    expect(text).toMatch(/CapInh: 0+\r\nCapPrm: 0+\r\nCapEff: 0+\r\n/u);
  });

  it('a non-sudo shell cannot gain privileges, not even by a program that may', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service, { as: other(), options: [] });
    await joined.start();
    const terminal = await openTerminal(await service.nextAgent(), 's1', { machine_role: 'sudo' }); // asked, not allowed here
    await terminal.ready();
    terminal.type('grep NoNewPrivs /proc/self/status; su -c id root </dev/null; echo "su=$?."\n');
    await terminal.shows('su=1.');
    expect(terminal.text()).toMatch(/NoNewPrivs:\s+1/u);
    expect(terminal.text()).not.toContain('uid=0');
  });

  it('a shell of another account tells what it runs too, and only that account could read how', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service, { options: ['--linux-user', other().name] });
    await joined.start();
    const link = await service.nextAgent();
    const terminal = await openTerminal(link, 's1', { machine_role: 'non-sudo', shell: '/bin/bash' });
    await terminal.ready();
    terminal.type('id -un\n');
    expect(await link.next('command')).toMatchObject({
      seq: 1,
      session_id: 's1',
      command: 'id -un',
      exit_code: 0,
      cwd: other().home,
      captured: 'shell',
    });
    await terminal.shows(`${other().name}\r\n`);
  });

  it('with --allow-sudo, whom it is granted to may', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service, { as: other(), options: ['--allow-sudo'] });
    await joined.start();
    const terminal = await openTerminal(await service.nextAgent(), 's1', { machine_role: 'sudo' });
    await terminal.ready();
    terminal.type('grep NoNewPrivs /proc/self/status\n');
    await eventually(terminal.text).toMatch(/NoNewPrivs:\s+0/u);
  });

  it('an agent of root that was not told whose shells to open refuses, until the server says it', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service, { options: [] });
    await joined.start();
    const link = await service.nextAgent();
    link.say({ ...open, machine_role: 'non-sudo' });
    expect(await link.next('refused')).toMatchObject({ code: 'role-not-enforceable' });
    link.say({ type: 'config', linux_user: other().name });
    link.say({ ...open, machine_role: 'non-sudo' });
    expect(await link.next('opened')).toEqual({ type: 'opened', session_id: 's1' });
  });

  it('a shell of root is never opened as non-sudo', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service, { options: ['--linux-user', 'root', '--allow-sudo'] });
    await joined.start();
    const link = await service.nextAgent();
    link.say({ ...open, machine_role: 'non-sudo' });
    expect(await link.next('refused')).toMatchObject({ code: 'role-not-enforceable' });
  });

  it('a folder that only root may enter is not entered for somebody else', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service, { options: ['--linux-user', other().name] }); // its own folder is 0700 of root
    const hidden = path.join(joined.folder, 'hidden');
    mkdirSync(hidden, { mode: 0o755 });
    await joined.start();
    const terminal = await openTerminal(await service.nextAgent(), 's1', { machine_role: 'non-sudo', cwd: hidden });
    await terminal.ready();
    terminal.type('echo "at=$PWD."\n');
    await terminal.shows(`at=${other().home}.`);
  });

  it('a service account keeps its own shell', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service, { options: ['--linux-user', 'nobody'] });
    await joined.start();
    const link = await service.nextAgent();
    link.say({ ...open, machine_role: 'non-sudo', shell: '/bin/bash' });
    expect(await link.next('refused')).toMatchObject({ code: 'shell-not-found' });
  });
});
