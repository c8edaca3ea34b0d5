import { describe, expect, it } from 'vitest';
import { isEncrypted, isLocal, serverAddress } from './address.ts';

describe('the address of a server', () => {
  it.each([
    ['backend.example', 'https://backend.example'],
    ['Backend.Example/', 'https://backend.example'],
    ['backend.example:8443', 'https://backend.example:8443'],
    ['https://backend.example/api/', 'https://backend.example'],
    ['https://tools.example/webxterm/api', 'https://tools.example/webxterm'],
    ['http://backend.example', 'http://backend.example'],
    ['localhost:8080', 'http://localhost:8080'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['[::1]:8080', 'http://[::1]:8080'],
    ['localhost:443', 'http://localhost:443'],
    ['https://localhost', 'https://localhost'],
    ['https://backend.example/?a=1#b', 'https://backend.example'],
    ['  backend.example  ', 'https://backend.example'],
    ['münchen.example', 'https://xn--mnchen-3ya.example'],
  ])('typed as %j is %s', (typed, address) => {
    expect(serverAddress(typed)).toEqual({ ok: true, value: address });
  });

  it('says whether it is encrypted, and whether it is this computer', () => {
    expect(['https://a.example', 'http://a.example', 'http://[::1]'].map(isEncrypted)).toEqual([true, false, false]);
    expect(['https://localhost', 'http://127.0.0.1:1', 'http://a.example'].map(isLocal)).toEqual([true, true, false]);
  });
});
