/** What an agent keeps for the service: nothing is lost over a link that breaks, nothing grows for ever, and all is numbered. */
import { describe, expect, it } from 'vitest';
import type { FromAgent } from '../protocol/wire/control.ts';
import { createOutbox, type NewCommand, type NewResult } from './outbox.ts';

const at = '2026-01-01T00:00:00.000Z';
const command = (text: string): NewCommand => ({
  session_id: 's',
  command: text,
  exit_code: 0,
  started_at: at,
  ended_at: at,
  cwd: '/',
  captured: 'shell',
});
const result = (id: string): NewResult => ({
  command_id: id,
  state: 'done',
  exit_code: 0,
  output: '',
  truncated: false,
  started_at: at,
  ended_at: at,
});
const numbers = (told: readonly FromAgent[]) => told.map((message) => ('seq' in message ? message.seq : 0));

describe('an outbox', () => {
  it('tells at once, and on the next link all that was not received', () => {
    const outbox = createOutbox();
    const [first, second]: [FromAgent[], FromAgent[]] = [[], []];
    outbox.command(command('before any link'));
    outbox.linkUp((message) => first.push(message));
    outbox.command(command('b'));
    outbox.result(result('r'));
    expect(numbers(first)).toEqual([1, 2, 3]);
    outbox.received(1);
    outbox.linkLost();
    outbox.command(command('while it was away'));
    outbox.linkUp((message) => second.push(message));
    expect(numbers(second)).toEqual([2, 3, 4]);
    expect(outbox.results()).toEqual(['r']);
    outbox.received(4);
    expect(outbox.results()).toEqual([]);
  });

  it('has no more under way than its window, and goes on when that is received', () => {
    const size = JSON.stringify({ type: 'command', ...command('x'), seq: 1 }).length;
    const outbox = createOutbox({ window: 2 * size, kept: 1e6 });
    const told: FromAgent[] = [];
    outbox.linkUp((message) => told.push(message));
    for (let i = 0; i < 5; i += 1) outbox.command(command('x'));
    expect(numbers(told)).toEqual([1, 2]);
    outbox.received(1);
    expect(numbers(told)).toEqual([1, 2, 3]);
    outbox.received(3);
    expect(numbers(told)).toEqual([1, 2, 3, 4, 5]);
  });

  it('keeps so much and no more while nobody listens, and says how many lines it missed; results it always keeps', () => {
    const outbox = createOutbox({ window: 1e6, kept: 1000 });
    for (let i = 0; i < 50; i += 1) outbox.command(command('x'.repeat(100)));
    outbox.result(result('r'));
    const told: FromAgent[] = [];
    outbox.linkUp((message) => told.push(message));
    const kept = told.length - 1;
    expect(kept).toBeGreaterThan(1);
    expect(outbox.results()).toEqual(['r']);
    outbox.received(told.length);
    outbox.command(command('after'));
    outbox.command(command('and then'));
    expect(told.slice(-2)).toMatchObject([{ command: 'after', missed: 50 - kept }, { command: 'and then' }]);
    expect(told.at(-1)).not.toHaveProperty('missed');
  });
});
