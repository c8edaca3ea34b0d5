import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { endSignal } from './ending.ts';

it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'])('%s ends the program', (event) => {
  const process = new EventEmitter();
  const signal = endSignal(process, () => {});
  expect(signal.aborted).toBe(false);
  process.emit(event);
  expect(signal.aborted).toBe(true);
});

it('a parent that was gone before the program could listen ends it too', () => {
  const process = Object.assign(new EventEmitter(), { connected: false });
  expect(endSignal(process, () => {}).aborted).toBe(true);
});

it('a second signal means that the person will not wait', () => {
  const process = new EventEmitter();
  const again = vi.fn<() => void>();
  endSignal(process, again);
  process.emit('SIGINT');
  expect(again).not.toHaveBeenCalled();
  process.emit('SIGTERM');
  expect(again).toHaveBeenCalledOnce();
});

it('a library that raises the signal again does not count as the person', () => {
  const process = new EventEmitter();
  process.once('SIGTERM', () => process.emit('SIGTERM'));
  const again = vi.fn<() => void>();
  const signal = endSignal(process, again);
  process.emit('SIGTERM');
  expect(signal.aborted).toBe(true);
  expect(again).not.toHaveBeenCalled();
});
