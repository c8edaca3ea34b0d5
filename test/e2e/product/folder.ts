/** A folder of a test's own, gone when it ends. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Folder extends AsyncDisposable {
  readonly path: string;
}

export async function makeFolder(purpose: string): Promise<Folder> {
  const folder = await mkdtemp(path.join(tmpdir(), `webxterm-${purpose}-`));
  return {
    path: folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
