/** Whether Electron can be started from here. Its package is never imported to find out: in plain Node that starts a download. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * @param from a file whose node_modules are looked at
 * @param override folder of another Electron (`ELECTRON_OVERRIDE_DIST_PATH`)
 * @returns path of its program, null when the package or its binary is not there
 */
export function findElectron(from: string, override: string | undefined): string | null {
  try {
    const folder = path.dirname(createRequire(from).resolve('electron/package.json'));
    const program = readFileSync(path.join(folder, 'path.txt'), 'utf8').trim();
    const binary = path.join(override ?? path.join(folder, 'dist'), program);
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
}
