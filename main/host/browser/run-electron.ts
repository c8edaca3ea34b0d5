/** Starts Electron with this desktop's app, hands signals on, and ends as it does. */
import { spawn } from 'node:child_process';

export interface ElectronRun {
  readonly binary: string;
  /** dist/electron/main.js */
  readonly mainFile: string;
  readonly profile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends it: its reason is the signal to hand on. */
  readonly stop: AbortSignal;
}

/** @returns its exit code; null when a signal ended it, or when it did not start */
export function runElectron({ binary, mainFile, profile, env, stop }: ElectronRun): Promise<number | null> {
  const { ELECTRON_RUN_AS_NODE: _asNode, ...appEnv } = env;
  const child = spawn(binary, [mainFile, `--profile=${profile}`], { stdio: 'inherit', env: appEnv });
  stop.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  return new Promise((resolve) => {
    child.once('error', () => {
      resolve(null);
    });
    child.once('exit', (code) => {
      resolve(code);
    });
  });
}
