import { describe, expect, it } from 'vitest';
import { codeMail } from './code-mail.ts';

const mail = codeMail({
  to: 'ada@example.test',
  code: '012345',
  username: '<ada>',
  tenantId: 'acme',
  server: 'terminals.example.org',
  address: '192.0.2.7',
  source: 'desktop',
  at: new Date(Date.UTC(2026, 0, 2, 3, 4)),
  minutes: 10,
});

describe('the mail with a code', () => {
  it.each([['text'], ['html']] as const)('says in %s what it is for, from where and when it was asked for', (part) => {
    for (const said of [
      '012345',
      'terminals.example.org',
      'acme',
      '192.0.2.7',
      'the desktop app',
      '2026-01-02 03:04 UTC',
    ])
      expect(mail[part]).toContain(said);
    expect(mail[part]).toMatch(/once, for 10 minutes/);
    expect(mail[part]).toMatch(/Nobody will ask you for it by phone/);
  });

  it('does not show the code on a locked screen, nor obey a name', () => {
    expect(mail.subject).toBe('Your code for terminals.example.org');
    expect(mail.html).not.toContain('<ada>');
    expect(mail.html).toContain('&lt;ada&gt;');
  });
});
