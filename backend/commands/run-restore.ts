/** `restore`: what a backup holds, in place of what is there; never while a server serves it. */
import { resolve } from 'node:path';
import { restore, type RestoreFault } from '../data/backup/backup.ts';
import { dataFault, lockData } from '../data/data-folder.ts';
import type { CommandParts } from './run-bootstrap.ts';
import { sentenceFor } from './sentences.ts';

export interface RestoreOptions {
  readonly replace?: boolean | undefined;
}

/** Answers the exit code. */
export async function runRestore(
  parts: CommandParts,
  file: string,
  { replace = false }: RestoreOptions,
): Promise<number> {
  const where = { ...parts, dataFolder: parts.folder, listenHost: '', port: 0 };
  const lock = lockData({ ...parts, services: ['auth', 'machines'] });
  if (!lock.ok) {
    parts.complain(sentenceFor(lock.code, where));
    return 1;
  }
  using _ = lock.value;
  try {
    const path = resolve(file);
    const restored = await restore(parts, path, replace);
    if (restored.ok) {
      parts.tell(`Restored what ${restored.program} backed up at ${restored.madeAt}. Everybody has to sign in again.`);
      return 0;
    }
    parts.complain(complaint(restored.code, path));
  } catch (error) {
    const code = dataFault(error);
    if (code === null) throw error;
    parts.complain(sentenceFor(code, where));
  }
  return 1;
}

function complaint(code: RestoreFault, file: string): string {
  switch (code) {
    case 'unreadable':
      return `${file} cannot be read. Check its name and who owns it.`;
    case 'damaged':
      return `${file} is not a whole backup: it was cut off or changed, or is something else. Nothing was restored.`;
    case 'newer-format':
    case 'newer-store':
      return `${file} was made by a newer webxterm-backend. Restore it with that version. Nothing was restored.`;
    case 'not-empty':
      return 'There is data already, and it would be gone. With --replace it is replaced. Nothing was restored.';
    case 'in-use':
      return 'A webxterm-backend has the database open. End it, then try again. Nothing was restored.';
  }
}
