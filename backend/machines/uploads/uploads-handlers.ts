/** Images of the organization: taken in, shown to its people, and those that stand for somebody. */
import type { uploads } from '../../../protocol/api/uploads.ts';
import { UPLOADS } from '../../../protocol/api/uploads.ts';
import type { UploadedFile } from '../../../protocol/api/row.ts';
import type { Member } from '../../gateway/caller.ts';
import type { GroupHandlers } from '../../gateway/handlers.ts';
import type { Done, Refused, Writes, Written } from '../../store/store.ts';
import type { Tables, TenantTables } from '../../store/tables.ts';
import { readImage, type Image } from './images/image.ts';
import { shownHeaders } from './shown-headers.ts';
import type { UploadFiles } from './upload-files.ts';
import { isShownNowhere } from './upload-uses.ts';

interface Parts {
  readonly files: UploadFiles;
  readonly now: () => number;
  readonly newUuid: () => string;
}
type Purpose = Tables['uploads']['purpose'];
type Tx = Writes<TenantTables>;

/** Of one person, that no text shows yet. */
const MOST_UNUSED = 50;

export function uploadsHandlers(parts: Parts): GroupHandlers<typeof uploads> {
  const { files } = parts;
  return {
    async add({ file }, caller) {
      const place: Place = { id: caller.organization.id, write: (work) => caller.write(work) };
      const kept = await keep(
        parts,
        place,
        { file, purpose: 'community', ownerId: caller.account.id },
        async (tx, { id, image }) => {
          if ((await countUnused(tx, caller.account.id)) > MOST_UNUSED) return { refuse: { code: 'too-many-uploads' } };
          const detail = { media_type: image.mediaType, bytes: image.bytes.length };
          return { value: addressOf(id), audit: { action: 'image_uploaded', resource: id, detail } };
        },
      );
      return 'refuse' in kept ? kept : { status: 200, body: { url: kept.value } };
    },

    async get({ params }, caller) {
      const { home, organization, account } = caller;
      const here = await about(caller.read, params.id).executeTakeFirst();
      // A super admin sees its own picture wherever it acts.
      const row = here ?? (await about(home.read, params.id).where('owner_id', '=', account.id).executeTakeFirst());
      const organizationId = here ? organization.id : home.id;
      const body = row && (await files.read({ organizationId, id: row.id }));
      if (!body) return { refuse: { code: 'not-found' } };
      return { body, headers: shownHeaders({ mediaType: row.media_type, size: row.size }) };
    },

    async avatar({ file, body }, caller) {
      const { account, home, actor } = caller;
      // A super admin acts in another organization than its account lives in.
      const place: Place = { id: home.id, write: (work) => home.write(actor, work) };
      const changed = file
        ? await keep(parts, place, { file, purpose: 'avatar', ownerId: account.id }, (tx, { id }) =>
            setAvatar(tx, account.id, { url: addressOf(id), uploadId: id }),
          )
        : await place.write((tx) => setAvatar(tx, account.id, { url: body.avatar_url, uploadId: null }));
      if ('refuse' in changed) return changed;
      const { url, replaced } = changed.value;
      for (const id of replaced) await files.remove({ organizationId: home.id, id });
      return { status: 200, body: { message: 'Avatar changed', avatar_url: url } };
    },
  };
}

function about(read: Member['read'], id: string) {
  return read.selectFrom('uploads').select(['id', 'media_type', 'size']).where('id', '=', id);
}

function addressOf(id: string): string {
  return `${UPLOADS}/${id}`;
}

/** The organization that keeps it. */
interface Place {
  readonly id: string;
  readonly write: Member['write'];
}
interface Kept {
  readonly id: string;
  readonly image: Image;
}
/** The file first, then its row: a file without a row is collected, a row without a file would show nothing. */
async function keep<T>(
  { files, now, newUuid }: Parts,
  place: Place,
  { file, purpose, ownerId }: { readonly file: UploadedFile; readonly purpose: Purpose; readonly ownerId: string },
  work: (tx: Tx, kept: Kept) => Promise<Done<T> | Refused>,
): Promise<Written<T>> {
  const read = readImage(file.bytes);
  if (!read.ok) return { refuse: { code: read.code } };
  const { image } = read;
  const name = { organizationId: place.id, id: newUuid() };
  await files.write(name, image.bytes);
  let isKept = false;
  try {
    const written = await place.write(async (tx) => {
      const row = { id: name.id, owner_id: ownerId, purpose, created_at: new Date(now()).toISOString() };
      await tx
        .insertInto('uploads')
        .values({ ...row, ...dimensions(image) })
        .execute();
      return work(tx, { id: name.id, image });
    });
    isKept = 'value' in written;
    return written;
  } finally {
    if (!isKept) await files.remove(name);
  }
}

function dimensions({ mediaType, bytes, width, height }: Image) {
  return { media_type: mediaType, size: bytes.length, width, height };
}

async function countUnused(tx: Tx, ownerId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('uploads')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('owner_id', '=', ownerId)
    .where('purpose', '=', 'community')
    .where(isShownNowhere())
    .executeTakeFirstOrThrow();
  return Number(count);
}

interface Avatar {
  readonly url: string;
  readonly replaced: readonly string[];
}
/** The picture before it goes with it. */
async function setAvatar(
  tx: Tx,
  accountId: string,
  { url, uploadId }: { readonly url: string; readonly uploadId: string | null },
): Promise<Done<Avatar>> {
  await tx.updateTable('users').set({ avatar_url: url }).where('id', '=', accountId).execute();
  const older = await tx
    .deleteFrom('uploads')
    .where('owner_id', '=', accountId)
    .where('purpose', '=', 'avatar')
    .where('id', '!=', uploadId ?? '')
    .returning('id')
    .execute();
  return {
    value: { url, replaced: older.map(({ id }) => id) },
    audit: { action: 'avatar_changed', resource: accountId, detail: { by: uploadId === null ? 'address' : 'file' } },
  };
}
