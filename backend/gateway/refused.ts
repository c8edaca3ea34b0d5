/** Which refusals say something of whoever is refused, and what the audit says of them. */
import { z } from 'zod';
import type { ErrorCode } from '../../protocol/api/errors.ts';
import type { Row } from '../../protocol/api/row.ts';
import { PLATFORM, type PlatformNote } from '../store/store.ts';
import { memberAccess } from './authorize.ts';
import type { Admitted } from './door.ts';

/**
 * Null: a mistake, or it is told elsewhere. Told is the caller's own organization: what it reached for may be another's, and of that
 * nothing is told; of strangers, the platform.
 */
export function refusedNote(
  row: Row,
  { visitor, member }: Pick<Admitted, 'visitor' | 'member'>,
  code: ErrorCode,
  params?: unknown,
): PlatformNote | null {
  const action = actionOf(row, code);
  if (action === null) return null;
  const { address, userAgent, source } = visitor;
  return {
    organizationId: member?.account.organizationId ?? PLATFORM.id,
    actor: member?.actor ?? { userId: null, username: null, address, userAgent, source },
    action,
    status: 'failure',
    detail: { code, method: row.method, path: row.path },
    ...namedIn(params),
  };
}

function actionOf(row: Row, code: ErrorCode): string | null {
  if (code === 'role-too-low' || code === 'not-vouched') return 'permission_denied';
  // Reading what is not there is usual; trying to change it, or to open a terminal on it, is not.
  if (code === 'not-found' && memberAccess(row) !== null && changesSomething(row)) return 'permission_denied';
  // A used or guessed code, or a verifier that is not its own, as much as a way back that somebody else's browser set out on.
  if (code === 'flow-dead') return 'login_failed';
  if (code === 'slow-down' && row.rate === 'guess') return 'guessing_slowed';
  return code === 'too-many-sessions' ? 'limit_reached' : null;
}

function changesSomething(row: Row): boolean {
  return row.method !== 'GET' || row.kind === 'socket';
}

const LONGEST_RESOURCE = 100;
const paramsInPath = z.record(z.string(), z.string());
function namedIn(params: unknown): { readonly resource?: string } {
  const [resource] = Object.values(paramsInPath.safeParse(params).data ?? {});
  return resource === undefined ? {} : { resource: resource.slice(0, LONGEST_RESOURCE) };
}
