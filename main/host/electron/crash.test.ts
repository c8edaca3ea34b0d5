import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { reloadAfterCrash } from './crash.ts';

function setUp() {
  let time = 0;
  const reload = vi.fn<() => void>();
  const giveUp = vi.fn<(reason: string) => void>();
  const contents = Object.assign(new EventEmitter(), { reload });
  reloadAfterCrash(contents, { now: () => time, giveUp });
  return {
    reload,
    giveUp,
    crash: (reason = 'crashed') => contents.emit('render-process-gone', {}, { reason }),
    pass: (ms: number) => {
      time += ms;
    },
  };
}

it('a page whose process died is loaded again', () => {
  const { crash, reload, giveUp } = setUp();
  crash();
  crash('oom');
  expect(reload).toHaveBeenCalledTimes(2);
  expect(giveUp).not.toHaveBeenCalled();
});

it('one that was closed is not', () => {
  const { crash, reload } = setUp();
  crash('clean-exit');
  expect(reload).not.toHaveBeenCalled();
});

it('one that dies at once, again and again, is left alone, and the person told', () => {
  const { crash, reload, giveUp, pass } = setUp();
  for (let count = 0; count < 4; count += 1) crash();
  expect(reload).toHaveBeenCalledTimes(3);
  expect(giveUp).toHaveBeenCalledExactlyOnceWith('crashed');
  pass(60_000);
  crash();
  expect(reload).toHaveBeenCalledTimes(4);
});
