import { describe, expect, it } from 'vitest';
import { proxyProblem } from './proxy-url.ts';

describe('a proxy set by hand', () => {
  it.each(['', 'http://proxy:3128', 'https://proxy.example.com', 'socks5://10.0.0.1:1080'])('may be “%s”', (text) =>
    expect(proxyProblem(text)).toBeUndefined(),
  );
  it.each(['proxy', 'proxy.example.com:3128', 'ftp://proxy'])('is said to be none when it is “%s”', (text) =>
    expect(proxyProblem(text)).toMatch(/Write it as/),
  );
  it('has no password in it: settings are no place for secrets', () => {
    expect(proxyProblem('http://maria:secret@proxy:3128')).toMatch(/do not belong here/);
  });
});
