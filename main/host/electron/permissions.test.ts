import { describe, expect, it } from 'vitest';
import { lockSession, type LockedSession } from './permissions.ts';

type Handler<N extends keyof LockedSession> = LockedSession[N] extends (handler: infer H) => unknown ? H : never;

/** A session that keeps what it is given. */
function lockedSession() {
  const given: {
    request?: Handler<'setPermissionRequestHandler'>;
    check?: Handler<'setPermissionCheckHandler'>;
    device?: Handler<'setDevicePermissionHandler'>;
    display?: Handler<'setDisplayMediaRequestHandler'>;
    spellCheck?: boolean;
    download?: (event: { preventDefault(): void }) => void;
    fetch?: Parameters<LockedSession['webRequest']['onBeforeRequest']>[0];
  } = {};
  lockSession({
    setPermissionRequestHandler: (handler) => {
      given.request = handler;
    },
    setPermissionCheckHandler: (handler) => {
      given.check = handler;
    },
    setDevicePermissionHandler: (handler) => {
      given.device = handler;
    },
    setDisplayMediaRequestHandler: (handler) => {
      given.display = handler;
    },
    setSpellCheckerEnabled: (enabled) => {
      given.spellCheck = enabled;
    },
    on: (_event, listener) => {
      given.download = listener;
    },
    webRequest: {
      onBeforeRequest: (listener) => {
        given.fetch = listener;
      },
    },
  });
  return {
    given,
    asks: (permission: string, requestingUrl: string, isMainFrame = true) => {
      let granted: boolean | undefined;
      given.request?.(null, permission, (decided) => (granted = decided), { requestingUrl, isMainFrame });
      return { requested: granted, checked: given.check?.(null, permission, requestingUrl, { isMainFrame }) };
    },
    fetches: (url: string) => {
      let cancelled: boolean | undefined;
      given.fetch?.({ url }, ({ cancel }) => (cancelled = cancel));
      return cancelled === false;
    },
  };
}

const page = 'app://webxterm/';

describe('the session of the window', () => {
  it.each([
    'media',
    'geolocation',
    'notifications',
    'clipboard-read',
    'openExternal',
    'fullscreen',
    'hid',
    'serial',
    'usb',
    'fileSystem',
    'local-network-access',
    'unknown',
    'a permission that is yet to be invented',
  ])('denies %s, also to its own page', (permission) => {
    expect(lockedSession().asks(permission, page)).toEqual({ requested: false, checked: false });
  });

  it('lets its page copy, and neither a frame in it nor another origin', () => {
    const { asks } = lockedSession();
    expect(asks('clipboard-sanitized-write', page)).toEqual({ requested: true, checked: true });
    const denied = { requested: false, checked: false };
    expect(asks('clipboard-sanitized-write', page, false)).toEqual(denied);
    expect(asks('clipboard-sanitized-write', 'https://evil.example/')).toEqual(denied);
    expect(asks('clipboard-sanitized-write', 'app://other/')).toEqual(denied);
    expect(asks('clipboard-sanitized-write', '')).toEqual(denied);
  });

  it('gives no device and no picture of the screen', () => {
    const { given } = lockedSession();
    expect(given.device?.()).toBe(false);
    let streams: unknown = 'not asked';
    given.display?.(null, (decided) => (streams = decided));
    expect(streams).toBeNull();
  });

  it('downloads nothing, and no dictionaries for spell checking', () => {
    const { given } = lockedSession();
    let prevented = false;
    given.download?.({ preventDefault: () => (prevented = true) });
    expect(prevented).toBe(true);
    expect(given.spellCheck).toBe(false);
  });

  it.each([
    ['app://webxterm/assets/index.js', true],
    ['devtools://devtools/bundled/inspector.html', true],
    ['https://example.com/', false],
    ['http://127.0.0.1:8080/', false],
    ['ws://127.0.0.1:8080/', false],
    ['file:///etc/passwd', false],
    ['data:text/html,x', false],
  ])('asks for %s: %s', (url, allowed) => {
    expect(lockedSession().fetches(url)).toBe(allowed);
  });
});
