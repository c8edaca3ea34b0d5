/** A real Secret Service for tests on Linux: a bus of its own, and gnome-keyring on it. Elsewhere the system's own keychain is used. */
import { makeFolder } from './folder.ts';
import { startCommand, type Program } from './program.ts';

export interface Keyring extends AsyncDisposable {
  /** What a program needs in its environment to find it. */
  readonly env: Readonly<Record<string, string>>;
}

export async function startKeyring(): Promise<Keyring> {
  if (process.platform !== 'linux') return { env: {}, [Symbol.asyncDispose]: () => Promise.resolve() };
  const folder = await makeFolder('keyring');
  const home = { HOME: folder.path, XDG_DATA_HOME: folder.path, XDG_RUNTIME_DIR: folder.path };
  const bus = startCommand('dbus-daemon', { args: ['--session', '--nofork', '--print-address=1'], env: home });
  const address = (await bus.line(/^(unix:\S+)$/mu))[1] ?? '';
  const env = { DBUS_SESSION_BUS_ADDRESS: address };
  const keyring: Program = startCommand('gnome-keyring-daemon', {
    args: ['--foreground', '--unlock', '--components=secrets'],
    env: { ...home, ...env },
    input: 'a test’s own keyring',
  });
  return {
    env,
    [Symbol.asyncDispose]: async () => {
      await keyring[Symbol.asyncDispose]();
      await bus[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
