/** A backup: everything in the store and the data folder, in one file, from which either engine can be filled. */
import { appendAudit, serviceActor } from '../../store/audit.ts';
import { changesKnown } from '../../store/migrations/migrations.ts';
import { PLATFORM, type Writes } from '../../store/store.ts';
import type { Tables } from '../../store/tables.ts';
import { replaceWhole, snapshot, type Replaced, type Snapshot } from '../../store/whole.ts';
import { placeOf, type DataParts } from '../data-folder.ts';
import { readArchive, verifyArchive, writeArchive, type ArchiveFault, type Line } from './archive.ts';
import { fileLines, hasFiles, incomingFiles } from './files.ts';

interface Making extends DataParts {
  readonly program: string;
}

/** While the server runs, too: the rows are of one moment, the files of the moments after it. Rejects with EEXIST: the file is there. */
export async function backUp(parts: Making, file: string): Promise<void> {
  await using store = await snapshot(placeOf(parts));
  const about = { program: parts.program, made_at: new Date(parts.now()).toISOString(), changes: [...store.changes] };
  await writeArchive(file, about, everything(store, parts.folder));
}

async function* everything(store: Snapshot, folder: string): AsyncGenerator<Line> {
  for await (const { table, rows } of store.tables()) yield { table, rows: [...rows] };
  yield* fileLines(folder);
}

export type RestoreFault = ArchiveFault | 'newer-store' | Exclude<Replaced, 'replaced'>;
export type Restored =
  | { readonly ok: true; readonly madeAt: string; readonly program: string }
  | { readonly ok: false; readonly code: RestoreFault };

/** Nobody serves the folder meanwhile: the caller has its locks. */
export async function restore(parts: DataParts, file: string, mayReplace: boolean): Promise<Restored> {
  const verified = await verifyArchive(file);
  if (!verified.ok) return verified;
  const { changes, made_at, program } = verified.manifest;
  if (!changes.every((name) => changesKnown.includes(name))) return { ok: false, code: 'newer-store' };
  if (!mayReplace && (await hasFiles(parts.folder))) return { ok: false, code: 'not-empty' };
  const files = await incomingFiles(parts.folder);
  try {
    const replaced = await replaceWhole(placeOf(parts), {
      lastChange: changes.at(-1) ?? null,
      evenIfFull: mayReplace,
      fill: (insert) =>
        readArchive(file, (line) => ('table' in line ? insert(line.table, line.rows) : files.take(line))),
      finish: (tx) => conclude(tx, { ...parts, madeAt: made_at }),
    });
    if (replaced !== 'replaced') return { ok: false, code: replaced };
    await files.putInPlace();
    return { ok: true, madeAt: made_at, program };
  } finally {
    await files.forget();
  }
}

/** A sign-in that was ended since then would be good again: all are ended. */
async function conclude(
  tx: Writes<Tables>,
  { now, newObjectId, madeAt }: Pick<DataParts, 'now' | 'newObjectId'> & { readonly madeAt: string },
): Promise<void> {
  const at = new Date(now()).toISOString();
  await tx.updateTable('sign_ins').set({ revoked_at: at }).where('revoked_at', 'is', null).execute();
  const note = {
    action: 'store_restored',
    organizationId: PLATFORM.id,
    actor: serviceActor,
    detail: { made_at: madeAt },
  };
  await appendAudit(tx, note, { id: newObjectId(), at });
}
