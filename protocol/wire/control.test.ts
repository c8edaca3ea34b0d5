/** Control messages: what each direction may say, and how little of anything else gets through. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  challengeText,
  fromAgent,
  fromClient,
  MOST_COMMAND,
  MOST_EXEC_OUTPUT,
  NO_LIMIT,
  toAgent,
  toClient,
} from './control.ts';

const size = { cols: 80, rows: 24 };
const attach = {
  type: 'attach',
  n: 1,
  session_id: 's',
  client: 'c',
  mode: 'control',
  want: null,
  consumed: null,
  window: 262_144,
  ...size,
};
const attached = {
  channel: 1,
  output_offset: 5,
  oldest: 0,
  head: 9,
  input_offset: 0,
  answered_offset: 0,
  modes: '\u001b[m',
  ...size,
};
const exit = { exit_code: 0, reason: 'exited', output_offset: 9 };
const time = '2026-01-01T00:00:00.000Z';
const report = {
  type: 'command',
  seq: 1,
  session_id: 's',
  command: 'ls',
  exit_code: 0,
  started_at: time,
  ended_at: time,
  cwd: '/',
  captured: 'shell',
};
const result = {
  type: 'exec_result',
  seq: 2,
  command_id: 'c',
  state: 'done',
  exit_code: 0,
  output: '',
  truncated: false,
  started_at: time,
  ended_at: time,
};
const exec = { type: 'exec', command_id: 'c', command: 'ls', timeout_s: 60, machine_role: 'non-sudo' };
const probed = { sent: 1, taken: 2, received: 3, ...size };

describe('leg 1', () => {
  it.each([
    { type: 'open', open_id: 'o', ...size },
    { type: 'open', open_id: 'o', ...size, shell: '/bin/sh', cwd: '/tmp' },
    attach,
    { ...attach, take: true, want: 2 ** 40, consumed: 2 ** 40 - 5 },
    { type: 'resize', ...size },
    { type: 'close' },
    { type: 'probe', consumed: null, window: NO_LIMIT, ...size },
  ])('reads $type of a client', (message) => {
    expect(fromClient.parse(message)).toEqual(message);
  });

  it.each([
    { type: 'opened', session_id: 's' },
    { type: 'attached', n: 1, mode: 'view', truncated: 4, ...without(attached, ['channel', 'oldest']) },
    { type: 'waiting', n: 2 },
    { type: 'detached', n: 2, reason: 'taken' },
    { type: 'detached', n: 2, reason: 'fault', code: 'input-gap' },
    { type: 'moved', output_offset: 4, modes: '' },
    { type: 'resized', ...size, output_offset: 4 },
    { type: 'probed', ...probed, exit },
    { type: 'exit', ...exit },
    { type: 'exit', ...exit, exit_code: null, signal: 'SIGKILL' },
    { type: 'error', code: 'session-ended', message: 'It is over.', reason: 'closed' },
  ])('reads $type of the service', (message) => {
    expect(toClient.parse(message)).toEqual(message);
  });

  it.each([
    ['an attach without its number', without(attach, ['n'])],
    ['a negative offset', { ...attach, want: -1 }],
    ['an offset beyond 2^53', { ...attach, want: 2 ** 53 }],
    ['a window beyond 32 bits', { ...attach, window: 2 ** 32 }],
    ['a size of no columns', { ...attach, cols: 0 }],
    ['a fraction', { ...attach, rows: 1.5 }],
    ['a mode of leg 2', { ...attach, mode: 'record' }],
    ['an id of 65 characters', { ...attach, session_id: 'x'.repeat(65) }],
    ['an unknown type', { type: 'exec' }],
    ['no object', 'open'],
  ])('refuses %s', (_name, message) => {
    expect(fromClient.safeParse(message).success).toBe(false);
  });
});

describe('leg 2', () => {
  it.each([
    { type: 'opened', session_id: 's' },
    { type: 'refused', session_id: 's', code: 'role-not-enforceable' },
    { type: 'attached', ...attached },
    { type: 'unknown-session', session_id: 's', channel: 4 },
    { type: 'detached', channel: 4, reason: 'late' },
    { type: 'probed', channel: 4, ...probed },
    { type: 'exit', channel: 4, ...exit },
    { type: 'ended', session_id: 's', reason: 'expired' },
    report,
    { ...report, captured: 'typed', exit_code: null, ended_at: null, cwd: null, cut: true, missed: 3 },
    result,
    { ...result, state: 'refused', code: 'role-not-enforceable', exit_code: null },
    { ...result, state: 'revoked', exit_code: null, signal: 'SIGTERM' },
    { ...result, state: 'timed-out', exit_code: null, signal: 'SIGKILL', truncated: true },
  ])('reads $type of an agent', (message) => {
    expect(fromAgent.parse(message)).toEqual(message);
  });

  it.each([
    { type: 'attach', ...without(attach, ['type', 'n', 'client']), mode: 'record', channel: 2 ** 32 - 1, from: null },
    { type: 'detach', channel: 3 },
    { type: 'close', session_id: 's', reason: 'revoked' },
    exec,
    { type: 'exec_end', command_id: 'c' },
    { type: 'received', seq: 7 },
  ])('reads $type of the service', (message) => {
    expect(toAgent.parse(message)).toEqual(message);
  });

  it.each([
    ['an empty command', { ...exec, command: '' }],
    ['a command with NUL', { ...exec, command: 'a\0b' }],
    ['a command that is too long', { ...exec, command: 'x'.repeat(MOST_COMMAND + 1) }],
    ['no time-out', without(exec, ['timeout_s'])],
    ['a time-out of more than an hour', { ...exec, timeout_s: 3601 }],
    ['a receipt of nothing', { type: 'received', seq: 0 }],
  ])('refuses %s of the service', (_name, message) => {
    expect(toAgent.safeParse(message).success).toBe(false);
  });

  it.each([
    ['a line that it cannot have got by itself', { ...report, captured: 'exec' }],
    ['a line that is too long', { ...report, command: 'x'.repeat(MOST_COMMAND + 1) }],
    ['a time that is none', { ...report, started_at: 'yesterday' }],
    ['a line without a number', without(report, ['seq'])],
    ['an end of no kind', { ...result, state: 'lost' }],
    ['more output than is kept', { ...result, output: 'x'.repeat(MOST_EXEC_OUTPUT + 1) }],
  ])('refuses %s of an agent', (_name, message) => {
    expect(fromAgent.safeParse(message).success).toBe(false);
  });

  it('never takes modes above 1 KiB', () => {
    const modes = 'x'.repeat(1025);
    expect(fromAgent.safeParse({ type: 'attached', ...attached, modes }).success).toBe(false);
  });
});

describe('any JSON', () => {
  it('is read as a message or refused, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        for (const schema of [fromClient, toClient, fromAgent, toAgent]) {
          const read = schema.safeParse(json);
          if (read.success) expect(read.data).toHaveProperty('type');
        }
      }),
    );
  });

  it('in place of one field of an attach is refused or taken as it is', () => {
    const field = fc.constantFrom(...Object.keys(attach).filter((key) => key !== 'type'));
    fc.assert(
      fc.property(field, fc.jsonValue(), (key, value) => {
        const message = { ...attach, [key]: value };
        const read = fromClient.safeParse(message);
        if (read.success) expect(read.data).toEqual(message);
      }),
    );
  });
});

describe('what an agent signs', () => {
  it('is bound to protocol, host, agent and nonce', () => {
    expect(challengeText('example.org', 'agent', 'nonce')).toBe('webxterm-agent.v1\nexample.org\nagent\nnonce');
  });
});

function without(message: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(message).filter(([key]) => !keys.includes(key)));
}
