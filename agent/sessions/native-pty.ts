/**
 * The compiled part of node-pty, which its Unix terminal stands on. That terminal drops what is unread 200 ms after the program's end and does
 * not tell how many bytes a write took; a session counts every byte, so it uses the same binary without that layer.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { withoutGaps } from './descriptors.ts';

type ExitListener = (exitCode: number, signal: number) => void;
type Fork = (
  ...start: [
    file: string,
    args: readonly string[],
    env: readonly string[],
    cwd: string,
    cols: number,
    rows: number,
    uid: number,
    gid: number,
    utf8: boolean,
    helper: string,
    onExit: ExitListener,
  ]
) => unknown;
type Resize = (...size: [fd: number, cols: number, rows: number, pixelWidth: number, pixelHeight: number]) => void;

const isFunction = (value: unknown) => typeof value === 'function';
const binding = z.object({
  native: z.object({ fork: z.custom<Fork>(isFunction), resize: z.custom<Resize>(isFunction) }),
});
const forked = z.object({ fd: z.int().min(0), pid: z.int().min(1) });

export interface NativePty {
  /** Throws when the system gives no terminal or no process. */
  fork(start: {
    readonly file: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly cwd: string;
    readonly cols: number;
    readonly rows: number;
    readonly onExit: ExitListener;
  }): { readonly fd: number; readonly pid: number };
  resize(fd: number, cols: number, rows: number): void;
}

/** Throws when the package or its binary for this system is missing or has another shape. */
export function loadNativePty(platform: NodeJS.Platform = process.platform, arch: string = process.arch): NativePty {
  const require = createRequire(import.meta.url);
  const { native } = binding.parse(require('@lydell/node-pty'));
  const helper = spawnHelper(platform, arch, (name) =>
    createRequire(require.resolve('@lydell/node-pty')).resolve(name),
  );
  const closingAll = platform === 'linux' ? withoutGaps : <T>(start: () => T) => start(); // macOS does it by itself
  return {
    fork: ({ file, args, env, cwd, cols, rows, onExit }) => {
      const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`);
      const keepUser = -1; // the user is changed by `setpriv`, which sets the supplementary groups too
      const utf8 = true; // so that erasing in a line removes whole characters
      return forked.parse(
        closingAll(() => native.fork(file, args, pairs, cwd, cols, rows, keepUser, keepUser, utf8, helper, onExit)),
      );
    },
    resize: (fd, cols, rows) => {
      native.resize(fd, cols, rows, 0, 0);
    },
  };
}

/** macOS starts programs through a small helper beside the binary; a packed app keeps it outside of its archive. */
export function spawnHelper(platform: NodeJS.Platform, arch: string, resolve: (name: string) => string): string {
  if (platform !== 'darwin') return '';
  const entry = resolve(`@lydell/node-pty-${platform}-${arch}`);
  const helper = path.posix.join(path.posix.dirname(entry), '..', 'prebuilds', `${platform}-${arch}`, 'spawn-helper');
  return helper.replace(/\bapp\.asar\b/u, 'app.asar.unpacked');
}
