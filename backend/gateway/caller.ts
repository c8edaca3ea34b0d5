/** Who calls, as a handler sees it. What a row's `access` asks for is what its handler gets, already checked. */
import type { Access } from '../../protocol/api/row.ts';
import type { PortalRole, Source } from '../../protocol/api/values.ts';
import type { MachineRole } from '../../protocol/wire/control.ts';
import type { Actor, OrganizationStore, Reads, Work, Writes, Written } from '../store/store.ts';
import type { Tables, TenantTables } from '../store/tables.ts';

/** Anybody: where the request came from. */
export interface Visitor {
  readonly requestId: string;
  /** The client's own address, behind trusted proxies too. */
  readonly address: string;
  readonly userAgent: string | null;
  readonly source: Source;
  /** The Host header: checked, lower case, with its port. */
  readonly host: string;
}

/** The account that calls, read from the store on this request. */
export interface Account {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly role: PortalRole;
  readonly machineRole: MachineRole;
  /** The organization it acts in: its id, its slug (`tenant_id`) and its name. */
  readonly organizationId: string;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly profile: Pick<Tables['users'], 'first_name' | 'last_name' | 'email_verified_at' | 'api_key_last4'>;
}

/** Somebody signed in. `read` and `write` reach the organization it acts in only, and there only what it may see. */
export interface Member extends Visitor {
  readonly account: Account;
  /** The `sid` of its token. */
  readonly signInId: string;
  /** When its newest token expires. */
  readonly signInExpiresAt: Date;
  readonly actor: Actor;
  /** Where its account lives. A super admin acts in the organization it selected; everybody else, at home. */
  readonly home: OrganizationStore;
  /** The organization it acts in, not narrowed to what it sees: for the rare check on behalf of the organization (limits, names taken). */
  readonly organization: OrganizationStore;
  readonly read: Reads<TenantTables>;
  write<T>(work: Work<Writes<TenantTables>, T>): Promise<Written<T>>;
}

/** Anybody, who may have shown who it is. */
export interface Guest extends Visitor {
  readonly member: Member | null;
}

/** Somebody who may use the machine that the path names. */
export interface MachineUser extends Member {
  readonly machine: {
    readonly id: string;
    readonly agentId: string;
    readonly name: string;
    readonly ownerId: string;
    /** What this caller may be there: the highest of its grants; owner and admins, its own. */
    readonly machineRole: MachineRole;
  };
}
/** Somebody who may view and end the session that the path names. */
export interface SessionViewer extends Member {
  readonly session: { readonly id: string; readonly agentId: string; readonly userId: string };
}

/** Somebody who may read the issue that the path names, or, where the row asks for that, change it. */
export interface IssueReader extends Member {
  readonly issue: { readonly id: string; readonly title: string; readonly authorId: string };
}

/** What the handler of a row gets, by the row's access. */
export interface Callers extends Record<Access, Visitor> {
  readonly public: Visitor;
  readonly agent: Visitor;
  readonly anybody: Guest;
  readonly 'signed-in': Member;
  readonly 'self-or-admin': Member;
  readonly 'machine-granted': MachineUser;
  readonly 'machine-owner': MachineUser;
  readonly 'session-visible': SessionViewer;
  readonly 'issue-visible': IssueReader;
  readonly 'issue-author': IssueReader;
  readonly admin: Member;
  readonly 'super-admin': Member;
}
