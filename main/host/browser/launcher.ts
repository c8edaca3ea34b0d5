/** Writes the file by which a browser gets a window: readable by its owner alone, gone once it was used or is too old. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { launcherFile } from './launch-page.ts';
import { launchLivesMs, type Launches } from './launches.ts';

export interface Launcher extends AsyncDisposable {
  /** @returns path of a new launcher file */
  write(): Promise<string>;
  /** The token of a file was shown: the file is of no use any more. */
  used(token: string): Promise<void>;
}

export interface LauncherParts {
  readonly profile: string;
  /** Host and port of this host. */
  readonly own: string;
  readonly launches: Pick<Launches, 'issue'>;
  readonly newName: () => string;
}

export async function createLauncher({ profile, own, launches, newName }: LauncherParts): Promise<Launcher> {
  const folder = path.join(profile, 'launch');
  const written = new Map<string, { readonly file: string; readonly timer: NodeJS.Timeout }>();
  // What a desktop that was killed left behind.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });

  const forget = async (token: string) => {
    const launch = written.get(token);
    if (!launch) return;
    written.delete(token);
    clearTimeout(launch.timer);
    await rm(launch.file, { force: true });
  };
  return {
    async write() {
      const token = launches.issue();
      const file = path.join(folder, `${newName()}.html`);
      await writeFile(file, launcherFile(own, token), { mode: 0o600, flag: 'wx' });
      const timer = setTimeout(() => void forget(token), launchLivesMs);
      timer.unref();
      written.set(token, { file, timer });
      return file;
    },
    used: forget,
    async [Symbol.asyncDispose]() {
      for (const { timer } of written.values()) clearTimeout(timer);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
