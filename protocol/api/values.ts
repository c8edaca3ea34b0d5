/** The small values that many shapes of the contract are made of. */
import { z } from 'zod';

/** 24 lower-case hex digits: users, organizations, a machine's own id. */
export const objectId = z.string().regex(/^[0-9a-f]{24}$/, 'must be 24 hex digits');
/** The public name of a machine: a UUID. */
export const agentId = z.uuid();
/** Either of a machine's two ids: its own or its agent's. */
export const eitherMachineId = z.union([objectId, agentId], 'must be an id of a machine');
export const sessionId = z.uuid();
/** ISO 8601 in UTC with `Z`. */
export const time = z.iso.datetime();
/** 0 to 100, one decimal. */
export const percent = z.number().min(0).max(100);
export const bytes = z.number().min(0);

export const email = z.string().trim().toLowerCase().max(254).pipe(z.email());
/** 8 characters at least; the upper bound keeps hashing cheap to refuse. */
export const newPassword = z.string().min(8).max(1024);
/** A password as somebody typed it: what it has to be is not this field's business. */
export const typedPassword = z.string().min(1).max(1024);
export const username = z
  .string()
  .trim()
  .min(3)
  .max(50)
  .regex(/^[\w.-]+$/, 'letters, digits, dot, dash and underscore only');
export const personName = z.string().trim().max(100);

export const portalRole = z.enum(['super_admin', 'company_admin', 'user']);
export type PortalRole = z.infer<typeof portalRole>;
export const source = z.enum(['ui', 'cli', 'vscode', 'desktop']);
export type Source = z.infer<typeof source>;
/** Somebody as others are shown who it is. */
export const person = z.object({ user_id: objectId, username: z.string(), email: z.string(), role: portalRole });
/** Signing in by somebody else who knows the person. */
export const provider = z.enum(['microsoft', 'github']);
export type Provider = z.infer<typeof provider>;

/** The query of a list that is shown by pages. Without either, it is whole. */
export const pageOf = {
  page: z.coerce.number().int().min(1).max(1_000_000).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
};
export const searchText = z.string().trim().max(200).optional();
/** How many there are in all; only where a page was asked for. */
export const total = z.number().optional();

export const message = z.object({ message: z.string() });
