/** An organization as the contract shows it, with how much is in it. */
import type { ExpressionBuilder } from 'kysely';
import type { z } from 'zod';
import type { organization } from '../../protocol/api/organizations.ts';
import type { Reads } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

type Shape = z.input<typeof organization>;

/** What of a row of `organizations` is shown. */
export function organizationColumns(eb: ExpressionBuilder<Tables, 'organizations'>) {
  return [
    'organizations.id' as const,
    'organizations.slug' as const,
    'organizations.display_name' as const,
    'organizations.created_at' as const,
    'organizations.disabled_at' as const,
    eb
      .selectFrom('users')
      .select((all) => all.fn.countAll<number>().as('n'))
      .whereRef('users.organization_id', '=', 'organizations.id')
      .as('user_count'),
    eb
      .selectFrom('machines')
      .select((all) => all.fn.countAll<number>().as('n'))
      .whereRef('machines.organization_id', '=', 'organizations.id')
      .as('machine_count'),
  ];
}

interface Row {
  readonly id: string;
  readonly slug: string;
  readonly display_name: string;
  readonly created_at: string;
  readonly disabled_at: string | null;
  readonly user_count: number | null;
  readonly machine_count: number | null;
}
export function organizationShape({ id, slug, display_name, created_at, ...row }: Row): Shape {
  return {
    id,
    name: slug,
    display_name,
    keycloak_realm: slug,
    enabled: row.disabled_at === null,
    user_count: Number(row.user_count),
    machine_count: Number(row.machine_count),
    created_at,
  };
}

export async function readOrganization(read: Reads<Tables>, id: string): Promise<Shape | null> {
  const row = await read
    .selectFrom('organizations')
    .select(organizationColumns)
    .where('organizations.id', '=', id)
    .executeTakeFirst();
  return row ? organizationShape(row) : null;
}
