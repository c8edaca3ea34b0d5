import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { lockContents } from './contents.ts';

function created() {
  const app = new EventEmitter();
  lockContents(app);
  let openWindow: (() => { action: string }) | null = null;
  const contents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler: (handler: () => { action: string }) => {
      openWindow = handler;
    },
  });
  app.emit('web-contents-created', {}, contents);
  /** Whether an event of it is prevented. */
  const prevents = (name: string, details: object) => {
    let prevented = false;
    contents.emit(name, { preventDefault: () => (prevented = true), ...details });
    return prevented;
  };
  return { prevents, open: () => openWindow?.().action };
}

describe('every web contents', () => {
  it.each(['will-navigate', 'will-redirect'])('stays on the page at %s', (name) => {
    const { prevents } = created();
    expect(prevents(name, { url: 'app://webxterm/' })).toBe(false);
    for (const url of [
      'https://evil.example/',
      'app://webxterm.evil.example/',
      'app://evil@webxterm/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'webxterm://machines',
      '',
    ])
      expect(prevents(name, { url })).toBe(true);
  });

  it('goes nowhere in a frame, for it has none', () => {
    const { prevents } = created();
    expect(prevents('will-frame-navigate', { isMainFrame: false, url: 'app://webxterm/' })).toBe(true);
    expect(prevents('will-frame-navigate', { isMainFrame: true, url: 'app://webxterm/' })).toBe(false);
  });

  it('opens no window and holds no webview', () => {
    const { prevents, open } = created();
    expect(open()).toBe('deny');
    expect(prevents('will-attach-webview', {})).toBe(true);
  });
});
