import { describe, expect, it, vi } from 'vitest';
import { readCommandLine } from './command-line.ts';

function read(...args: string[]) {
  let out = '';
  let errors = '';
  const line = readCommandLine(args, {
    version: '1.2.3',
    defaultProfile: '/home/ada/.config/webxterm-desktop',
    write: (text) => {
      out += text;
    },
    writeError: (text) => {
      errors += text;
    },
  });
  return { line, out, errors };
}

describe('webxterm-desktop', () => {
  it('runs without options: a free port, a window, the person’s own profile', () => {
    expect(read().line).toEqual({
      ok: true,
      options: { port: 0, open: true, profile: '/home/ada/.config/webxterm-desktop' },
    });
  });

  it('takes its options from the environment, and the command line wins', () => {
    vi.stubEnv('WEBXTERM_DESKTOP_HOST', 'browser');
    vi.stubEnv('WEBXTERM_DESKTOP_PORT', '4000');
    vi.stubEnv('WEBXTERM_DESKTOP_PROFILE', '/tmp/profile');
    expect(read('--port', '4001', '--no-open').line).toEqual({
      ok: true,
      options: { host: 'browser', port: 4001, open: false, profile: '/tmp/profile' },
    });
  });

  it('prints help with every environment variable and exit code, and its version, and ends well', () => {
    const help = read('--help');
    expect(help.line).toEqual({ ok: false, exitCode: 0 });
    for (const word of ['--no-open', 'WEBXTERM_DESKTOP_PROFILE', 'CHROMIUM_PATH', 'Exit codes'])
      expect(help.out).toContain(word);
    expect(read('--version')).toEqual({ line: { ok: false, exitCode: 0 }, out: '1.2.3\n', errors: '' });
  });

  it.each([
    ['an unknown option', ['--frobnicate'], '--frobnicate'],
    ['an unknown host', ['--host', 'chrome'], 'chrome'],
    ['a port that is none', ['--port', '70000'], '0 to 65535'],
    ['a port with letters', ['--port', '80a'], '0 to 65535'],
    ['an argument too many', ['what'], 'argument'],
  ])('ends with 2 and says so on %s', (_what, args, said) => {
    const { line, errors } = read(...args);
    expect(line).toEqual({ ok: false, exitCode: 2 });
    expect(errors).toContain(said);
  });
});
