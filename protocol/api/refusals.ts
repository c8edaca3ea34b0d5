/** Every code with which a row may refuse: those it names, and those that its access, its rate and its input bring. */
import type { ErrorCode } from './errors.ts';
import type { Access, Row } from './row.ts';

/** Of any address, before its row is known to be meant. */
const always: readonly ErrorCode[] = [
  'bad-request',
  'wrong-host',
  'wrong-origin',
  'service-unavailable',
  'not-ready',
  'unexpected',
];
const ofMembers: readonly ErrorCode[] = [
  'not-signed-in',
  'token-invalid',
  'token-expired',
  'token-revoked',
  'account-disabled',
  'organization-disabled',
];
const ofAccess: Readonly<Record<Access, readonly ErrorCode[]>> = {
  public: [],
  agent: [],
  anybody: [],
  'signed-in': ofMembers,
  'self-or-admin': [...ofMembers, 'role-too-low'],
  'machine-granted': [...ofMembers, 'not-found'],
  'machine-owner': [...ofMembers, 'not-found', 'role-too-low'],
  'session-visible': [...ofMembers, 'not-found'],
  'issue-visible': [...ofMembers, 'not-found'],
  'issue-author': [...ofMembers, 'not-found', 'role-too-low'],
  admin: [...ofMembers, 'role-too-low'],
  'super-admin': [...ofMembers, 'role-too-low'],
};
/** Of whatever may send a body, also where none is wanted: it is read before that is seen. */
const ofWrites: readonly ErrorCode[] = ['bad-json', 'wrong-media-type', 'too-large', 'storage-full'];
const ofUpload: readonly ErrorCode[] = ['file-missing', 'several-files', 'upload-malformed'];

export function refusalsOf(row: Row): readonly ErrorCode[] {
  const { access, rate, params, query, refuses = [] } = row;
  const body = 'body' in row ? row.body : undefined;
  return [
    ...new Set<ErrorCode>([
      ...refuses,
      ...ofAccess[access],
      ...(params || query || body ? (['invalid-fields'] as const) : []),
      ...(row.kind === 'upload' ? ofUpload : []),
      ...(rate === 'none' ? [] : (['slow-down'] as const)),
      ...(row.method === 'GET' ? [] : ofWrites),
      ...always,
    ]),
  ];
}
