/** What the rest of the backend asks of the store. Reading and writing are apart: a write cannot commit without its audit entry. */
import type { CompiledQuery, QueryCreator, QueryResult } from 'kysely';
import type { Refusal } from '../../protocol/api/row.ts';
import type { PortalRole, Source } from '../../protocol/api/values.ts';
import type { MachineRole } from '../../protocol/wire/control.ts';
import type { Bindable } from './bindable.ts';
import type { Tables, TenantTables } from './tables.ts';

/** The organization of the platform itself. Nobody can sign up for its name. */
export const PLATFORM = { id: '0'.repeat(24), slug: 'platform' } as const;

export interface Reads<T> extends Pick<QueryCreator<T>, 'selectFrom'> {
  /** By which it is asked what was built before: see `prepared.ts`. Within a transaction there is none. */
  readonly shelf?: Shelf<T>;
}
export interface Shelf<T> {
  /** Reads that are narrowed in the same way, to nobody yet. */
  readonly blank: Reads<T>;
  /** What stands in them for whom these are narrowed to. */
  readonly own: Readonly<Record<string, Bindable>>;
  ask<Row>(query: CompiledQuery<Row>): Promise<QueryResult<Row>>;
}
export type Writes<T> = Pick<QueryCreator<T>, 'selectFrom' | 'insertInto' | 'updateTable' | 'deleteFrom'>;

/** Who did it, from where: the same for every entry of a request. All null: the service itself. */
export interface Actor {
  readonly userId: string | null;
  readonly username: string | null;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly source: Source | null;
}
/** What is undefined is left out. */
type Detail = Readonly<Record<string, string | number | boolean | null | readonly string[] | undefined>>;
/** What was done, to what. Never a secret: it is kept as long as the organization wants. */
export interface AuditNote {
  readonly action: string;
  /** The id of what it was done to. */
  readonly resource?: string;
  readonly status?: 'success' | 'failure';
  readonly detail?: Detail;
}

/** The end of a write: what it gave, and what the audit says of it: an entry at least. */
export interface Done<T, Note = AuditNote> {
  readonly value: T;
  readonly audit: Note;
  readonly alsoAudit?: readonly Note[];
}
export interface Refused {
  readonly refuse: Refusal;
}
/**
 * Runs inside one transaction: commits with its audit entries, or, when it refuses or throws, leaves nothing.
 * It waits for nothing but its own queries (hash passwords and ask agents before), and uses only the `tx` it is handed.
 */
export type Work<W, T, Note = AuditNote> = (tx: W) => Promise<Done<T, Note> | Refused>;
export type Written<T> = { readonly value: T } | Refused;

/** Within an organization, whose machines and sessions are seen: a `user` sees its own and what was granted to it. */
export interface Viewer {
  readonly userId: string;
  readonly role: PortalRole;
}

/** One organization. Each query is narrowed to it as it is built: nothing of another can be read, changed or made. */
export interface OrganizationStore {
  readonly id: string;
  readonly read: Reads<TenantTables>;
  write<T>(actor: Actor, work: Work<Writes<TenantTables>, T>): Promise<Written<T>>;
  /** Figures that the service keeps about its own running (heartbeats, counts of bytes): no person's act, so no audit. */
  upkeep<T>(work: (tx: Writes<TenantTables>) => Promise<T>): Promise<T>;
  /** The same organization as this user sees it. */
  seenBy(viewer: Viewer): OrganizationStore;
}

/** Something found across organizations, to go on within its own. */
export interface Located {
  readonly organizationId: string;
  /** Its organization is not disabled. */
  readonly isOpen: boolean;
}
/** The few things that are known by a secret or a public id before their organization is. */
export interface Directory {
  byRegistrationToken(tokenHash: string): Promise<Located | null>;
  byAgent(agentId: string): Promise<Located | null>;
  byApiKey(keyHash: string): Promise<(Located & { readonly userId: string }) | null>;
  /** Null: there is none, or it is disabled. */
  byUser(userId: string): Promise<Known | null>;
  /** A user's live sessions: those of a super admin are in many organizations. */
  sessionsOf(userId: string): Promise<readonly Running[]>;
  /** What it sent to machines and may still run there. */
  commandsOf(userId: string): Promise<readonly Running[]>;
  /** Everybody who has a live session or a command that runs, anywhere. */
  usersWithRunning(): Promise<readonly string[]>;
}
/** A user, its rights, and where it has them. */
export interface Known {
  readonly id: string;
  readonly organizationId: string;
  readonly role: PortalRole;
  readonly machineRole: MachineRole;
}
/** A session or a command on a machine, and what it may do there. */
export interface Running {
  readonly id: string;
  readonly organizationId: string;
  readonly agentId: string;
  readonly machineRole: MachineRole;
}

/** An entry that names the organization whose chain it goes to. */
export interface PlatformNote extends AuditNote {
  readonly organizationId: string;
  readonly actor: Actor;
}
/** All organizations: for signing in and the platform's own administration. */
export interface PlatformStore {
  readonly read: Reads<Tables>;
  write<T>(work: Work<Writes<Tables>, T, PlatformNote>): Promise<Written<T>>;
  /** As of an organization's store: counters and expiry, no person's act. */
  upkeep<T>(work: (tx: Writes<Tables>) => Promise<T>): Promise<T>;
}

export interface Store extends AsyncDisposable {
  readonly directory: Directory;
  readonly platform: PlatformStore;
  organization(id: string): OrganizationStore;
  /** Answers when the store can be read: throws when not. */
  ping(): Promise<void>;
}
