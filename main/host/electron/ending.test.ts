import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { closeBeforeQuit } from './ending.ts';

it('quitting waits until all is closed, once, however often it is asked for', async () => {
  const app = Object.assign(new EventEmitter(), { quit: vi.fn<() => void>() });
  const gate = new EventTarget();
  const close = vi.fn(
    () =>
      new Promise<void>((resolve) => {
        gate.addEventListener('closed', () => {
          resolve();
        });
      }),
  );
  closeBeforeQuit(app, close);
  const held = () => {
    let prevented = false;
    app.emit('will-quit', { preventDefault: () => (prevented = true) });
    return prevented;
  };
  expect(held()).toBe(true);
  expect(held()).toBe(true);
  expect(close).toHaveBeenCalledOnce();
  expect(app.quit).not.toHaveBeenCalled();
  gate.dispatchEvent(new Event('closed'));
  await vi.waitFor(() => expect(app.quit).toHaveBeenCalledOnce());
  expect(held()).toBe(false);
});
