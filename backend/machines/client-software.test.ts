import { describe, expect, it } from 'vitest';
import { clientSoftware } from './client-software.ts';

describe('the software of a client', () => {
  it.each([
    ['webxterm-desktop/0.1.0', 'WebXTerm Desktop 0.1.0', null],
    ['webxterm-desktop/0.1.0 (Linux)', 'WebXTerm Desktop 0.1.0', 'Linux'],
    ['webxterm-desktop/0.1.0 (Macintosh)', 'WebXTerm Desktop 0.1.0', 'macOS'],
    ['webxterm-desktop/0.1.0 (Windows NT)', 'WebXTerm Desktop 0.1.0', 'Windows NT'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
      'Chrome 130.0.0.0',
      'Windows 10',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
      'Safari 17.4',
      'macOS Catalina',
    ],
    ['', null, null],
    [null, null, null],
    ['%%%', null, null],
  ])('that calls itself %j is %s on %s', (userAgent, browser, os) => {
    expect(clientSoftware(userAgent)).toEqual({ browser, os });
  });
});
