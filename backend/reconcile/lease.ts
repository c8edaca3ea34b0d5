/** A lease in the store: of several nodes, one does a thing at a time. It runs out by itself, so a node that dies holds nothing. */
import type { PlatformStore } from '../store/store.ts';

export interface LeaseWish {
  readonly name: string;
  readonly holder: string;
  readonly now: number;
  readonly forMs: number;
}

/** False: another has it. One's own is renewed. */
export async function takeLease(
  platform: Pick<PlatformStore, 'upkeep'>,
  { name, holder, now, forMs }: LeaseWish,
): Promise<boolean> {
  const at = new Date(now).toISOString();
  const wanted = { holder, until: new Date(now + forMs).toISOString() };
  const taken = await platform.upkeep((tx) =>
    tx
      .insertInto('leases')
      .values({ name, ...wanted })
      .onConflict((on) =>
        on
          .column('name')
          .doUpdateSet(wanted)
          .where((eb) => eb.or([eb('leases.until', '<=', at), eb('leases.holder', '=', holder)])),
      )
      .executeTakeFirst(),
  );
  return (taken.numInsertedOrUpdatedRows ?? 0n) > 0n;
}
