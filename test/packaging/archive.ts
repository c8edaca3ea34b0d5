/** What is in an asar archive: the paths of its files, and which of them lie beside it. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

interface Entry {
  readonly files?: Readonly<Record<string, Entry>> | undefined;
  readonly unpacked?: boolean | undefined;
}
const entry: z.ZodType<Entry> = z.lazy(() =>
  z.object({ files: z.record(z.string(), entry).optional(), unpacked: z.boolean().optional() }),
);

export interface ArchivedFile {
  readonly path: string;
  readonly unpacked: boolean;
}

export async function listArchive(file: string): Promise<readonly ArchivedFile[]> {
  const archive = await readFile(file);
  const list = archive.subarray(16, 16 + archive.readUInt32LE(12)).toString();
  return filesIn(entry.parse(JSON.parse(list)), '');
}

function filesIn({ files, unpacked }: Entry, path: string): ArchivedFile[] {
  if (files === undefined) return [{ path, unpacked: unpacked ?? false }];
  return Object.entries(files).flatMap(([name, inner]) => filesIn(inner, path === '' ? name : `${path}/${name}`));
}
