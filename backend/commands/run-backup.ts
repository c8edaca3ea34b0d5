/** `backup`: also while the server runs. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { backUp } from '../data/backup/backup.ts';
import { dataFault } from '../data/data-folder.ts';
import type { CommandParts } from './run-bootstrap.ts';
import { sentenceFor } from './sentences.ts';

/** Answers the exit code. */
export async function runBackup(parts: CommandParts & { readonly program: string }, file: string): Promise<number> {
  const path = resolve(file);
  try {
    await backUp(parts, path);
  } catch (error) {
    const sentence = complaint(error, parts, path);
    if (sentence === null) throw error;
    parts.complain(sentence);
    return 1;
  }
  parts.tell(
    `Backed up to ${path}. It holds password hashes and everything else but the secret that signs tokens: keep it as safe as the server.`,
  );
  return 0;
}

const ofFile = z.object({ code: z.string(), path: z.string().optional(), dest: z.string().optional() });

function complaint(error: unknown, parts: CommandParts, path: string): string | null {
  const known = ofFile.safeParse(error);
  if (known.success && [known.data.path, known.data.dest].some((named) => named?.startsWith(path) === true)) {
    return known.data.code === 'EEXIST'
      ? `There is a file ${path} already. Choose another name.`
      : `${path} cannot be written (${known.data.code}). Choose another place.`;
  }
  const code = dataFault(error);
  return code && sentenceFor(code, { ...parts, dataFolder: parts.folder, listenHost: '', port: 0 });
}
