/** The store's tables, as Kysely sees them. Times are ISO 8601 text in UTC with milliseconds, so they sort as text. */
import type { ColumnType, Generated } from 'kysely';
import type { IssueStatus } from '../../protocol/api/community.ts';
import type { CommandState } from '../../protocol/api/commands.ts';
import type { Captured, EndReason, MachineRole } from '../../protocol/wire/control.ts';
import type { PortalRole, Provider, Source } from '../../protocol/api/values.ts';

type Time = string;
/** JSON as text: parsed with a schema where it is read. */
type Json = string;

interface Organizations {
  id: string;
  /** The `tenant_id` of the contract. */
  slug: string;
  display_name: string;
  created_at: Time;
  disabled_at: Time | null;
}

/** The end of each organization's audit chain. Who appends locks this row first. */
interface AuditHeads {
  organization_id: string;
  seq: number;
  hash: string;
}

interface AuditEntries {
  id: string;
  organization_id: string;
  seq: number;
  prev_hash: string;
  hash: string;
  action: string;
  resource: string | null;
  user_id: string | null;
  username: string | null;
  ip_address: string | null;
  user_agent: string | null;
  source: Source | null;
  status: 'success' | 'failure';
  detail: Json;
  created_at: Time;
}

/** What an entry is found by: see `audit-words.ts`. */
interface AuditWords {
  organization_id: string;
  word: string;
  created_at: Time;
  seq: number;
}

/** Where the beginning of a chain was cut off: the last entry that went, signed so that nobody else can have done it. */
interface AuditCheckpoints {
  organization_id: string;
  seq: number;
  hash: string;
  cut_at: Time;
  signature: string;
}

/** What one of several nodes does at a time. */
interface Leases {
  name: string;
  holder: string;
  until: Time;
}

interface Users {
  id: string;
  organization_id: string;
  username: string;
  /** Lower case: one name on the platform, however it is written. */
  username_key: string;
  email: string;
  first_name: string;
  last_name: string;
  password_hash: string;
  role: PortalRole;
  machine_role: MachineRole;
  email_verified_at: Time | null;
  disabled_at: Time | null;
  /** When it was made, or an admin last enabled it: the count of idle days starts here. */
  enabled_at: Time;
  last_login_at: Time | null;
  api_key_hash: string | null;
  api_key_last4: string | null;
  avatar_url: string | null;
  created_at: Time;
}

/** A sign-in, the `sid` of its tokens. It spans organizations: which accounts it proved is in `sign_in_accounts`. */
interface SignIns {
  id: string;
  source: Source;
  ip_address: string | null;
  user_agent: string | null;
  created_at: Time;
  /** When its newest token expires. */
  expires_at: Time;
  revoked_at: Time | null;
  /** `password`: those accounts whose own it was. `email`: the person has the mailbox, or is who a provider says. */
  proof: 'password' | 'email';
}

interface SignInAccounts {
  sign_in_id: string;
  user_id: string;
}

/** A code that was mailed, for a sign-in to go on with. */
interface OtpChallenges {
  sign_in_id: string;
  user_id: string;
  /** The organization it leads to: a super admin's may be another than its own. */
  organization_id: string;
  /** HMAC of the code: six digits alone are soon found again from a plain hash. */
  code_hash: string;
  /** By who has the session token of its sign-in, and by who has only the user name. */
  tries: number;
  tries_by_name: Generated<number>;
  created_at: Time;
  expires_at: Time;
}

/** An account that is opened by signing in with a provider. */
interface Identities {
  provider: Provider;
  /** The provider's name for the person, which never changes and is never given to another. */
  subject: string;
  organization_id: string;
  user_id: string;
  linked_at: Time;
}

/** A sign-in by a provider on its way. Each stage has a row, taken out by the secret that goes on from there: it works once. */
interface ProviderFlows {
  /** SHA-256 of the browser's cookie, then of the code for the app; and of what an app began with, beside these. */
  key_hash: string;
  stage: 'at-provider' | 'to-confirm' | 'to-exchange' | 'begun' | 'begun-twice';
  provider: Provider;
  /** The app on the person's computer that waits for it; null: the browser itself. */
  app: Json | null;
  /** Whom the provider says it is, once it did. */
  identity: Json | null;
  expires_at: Time;
}

interface LoginThrottles {
  /** SHA-256 of what is counted, such as an account's email or an address. */
  key: string;
  tries: number;
  last_try_at: Time;
  blocked_until: Time | null;
}

interface Machines {
  id: string;
  organization_id: string;
  agent_id: string;
  owner_id: string;
  name: string;
  description: string;
  tags: Json;
  linux_user: string | null;
  created_at: Time;
  /** Ed25519, base64url; null until it joined, or once its key was forgotten. */
  public_key: string | null;
  joined_at: Time | null;
  /** The user whose API key it joined with; null when it joined with a registration token. */
  joined_by_key_of: string | null;
  os: string | null;
  arch: string | null;
  hostname: string | null;
  agent_version: string | null;
  metadata: Json;
  ip_address: string | null;
  cpu_percent: number | null;
  memory_percent: number | null;
  disk_percent: number | null;
  network_rx_bytes: number | null;
  network_tx_bytes: number | null;
  uptime_seconds: number | null;
  latency_ms: number | null;
  last_active_at: Time | null;
  /** Online until then, unless a heartbeat renews it: see machine-status.ts. */
  online_until: Time | null;
  /** Since when its agent is connected; null: it is not. */
  connected_at: Time | null;
}

interface RegistrationTokens {
  id: string;
  organization_id: string;
  machine_id: string;
  token_hash: string;
  created_by: string;
  created_at: Time;
  expires_at: Time;
  used_at: Time | null;
}

interface MachineGrants {
  organization_id: string;
  machine_id: string;
  user_id: string;
  machine_role: MachineRole;
  granted_by: string;
  created_at: Time;
}

interface Groups {
  id: string;
  organization_id: string;
  name: string;
  /** Lower case: one name in the organization, however it is written. */
  name_key: string;
  description: string;
  created_at: Time;
}

interface GroupMembers {
  organization_id: string;
  group_id: string;
  user_id: string;
  added_by: string;
  created_at: Time;
}

/** A machine granted to a group: each of its members has this role there. */
interface GroupMachines {
  organization_id: string;
  group_id: string;
  machine_id: string;
  machine_role: MachineRole;
  added_by: string;
  created_at: Time;
}

/** A session is history too: names are as they were then, and it outlives its machine. */
interface Sessions {
  id: string;
  organization_id: string;
  machine_id: string | null;
  agent_id: string;
  machine_name: string;
  user_id: string;
  username: string;
  /** The client's name for its wish to open: repeated, it gives the same session. */
  open_id: string;
  source: Source;
  browser: string | null;
  os: string | null;
  ip_address: string | null;
  machine_role: MachineRole;
  cols: number;
  rows: number;
  bytes_out: number;
  started_at: Time;
  ended_at: Time | null;
  end_reason: EndReason | null;
  exit_code: number | null;
  /** 1: there is a recording of it. */
  recorded: Generated<number>;
}

/** Of a session that was, or is, recorded. What it shows is in a file of its own. */
interface Recordings {
  session_id: string;
  organization_id: string;
  /** Of the session's output, stored or stated as missing. As all below it, known when the recording is over. */
  bytes: number;
  started_at: Time;
  ended_at: Time | null;
  verdict: 'complete' | 'incomplete' | null;
  gaps: Json;
}

/** A command that was sent to a machine. History, as a session is. */
interface Commands {
  id: string;
  organization_id: string;
  machine_id: string | null;
  agent_id: string;
  user_id: string;
  username: string;
  /** Its line in the log. */
  log_id: string;
  command: string;
  timeout_s: number;
  /** With which it runs. */
  machine_role: Generated<MachineRole>;
  /** Since when its sender may not have it run any more. Null: it may, or it was over before. */
  revoked_at: Generated<Time | null>;
  state: CommandState;
  code: string | null;
  exit_code: number | null;
  output: string | null;
  /** 0 or 1: SQLite has no booleans. */
  truncated: number;
  created_at: Time;
  started_at: Time | null;
  ended_at: Time | null;
}

/** A command line that ran, or was typed, on a machine. */
interface CommandLogs {
  id: string;
  organization_id: string;
  machine_id: string | null;
  agent_id: string;
  machine_name: string;
  /** Null: it ran without a terminal. */
  session_id: string | null;
  user_id: string;
  username: string;
  source: Source;
  command: string;
  /** In lower case, for searching. */
  command_key: string;
  /** 0 or 1: the line was longer. */
  cut: number;
  captured: Captured;
  exit_code: number | null;
  cwd: string | null;
  started_at: Time;
  duration_ms: number | null;
  /** Which report of which process of the agent: told twice, it is stored once. Null: no agent told of it. */
  boot_id: string | null;
  seq: number | null;
}

/** The author's name is as it was then: what it wrote outlives its account. */
interface Issues {
  id: string;
  organization_id: string;
  title: string;
  description: string;
  machine_id: string | null;
  tags: Json;
  author_id: string;
  author_username: string;
  status: IssueStatus;
  accepted_fix_id: string | null;
  created_at: Time;
  updated_at: Time;
}

interface Fixes {
  id: string;
  organization_id: string;
  issue_id: string;
  content: string;
  author_id: string;
  author_username: string;
  created_at: Time;
}

interface FixLikes {
  organization_id: string;
  fix_id: string;
  user_id: string;
  created_at: Time;
}

/** An image; its bytes are a file of the same id in the data folder. */
interface Uploads {
  id: string;
  organization_id: string;
  owner_id: string;
  purpose: 'community' | 'avatar';
  media_type: string;
  size: number;
  width: number;
  height: number;
  created_at: Time;
}

/** Which texts show an image. `text_id`: the issue's own id, or that of one of its fixes. */
interface UploadUses {
  organization_id: string;
  upload_id: string;
  issue_id: string;
  text_id: string;
}

/** Everything. Only what must look across organizations sees it: signing in, and the gateway. */
export interface Tables {
  organizations: Organizations;
  audit_heads: AuditHeads;
  audit_entries: AuditEntries;
  audit_words: AuditWords;
  audit_checkpoints: AuditCheckpoints;
  leases: Leases;
  users: Users;
  sign_ins: SignIns;
  sign_in_accounts: SignInAccounts;
  otp_challenges: OtpChallenges;
  identities: Identities;
  provider_flows: ProviderFlows;
  login_throttles: LoginThrottles;
  machines: Machines;
  registration_tokens: RegistrationTokens;
  machine_grants: MachineGrants;
  groups: Groups;
  group_members: GroupMembers;
  group_machines: GroupMachines;
  sessions: Sessions;
  commands: Commands;
  command_logs: CommandLogs;
  recordings: Recordings;
  issues: Issues;
  fixes: Fixes;
  fix_likes: FixLikes;
  uploads: Uploads;
  upload_uses: UploadUses;
}

/** Within an organization its id is given by the store: it can be read, never set. */
type Owned<T> = Omit<T, 'organization_id'> & { organization_id: ColumnType<string, never, never> };
type ReadOnly<T> = { [K in keyof T]: ColumnType<T[K], never, never> };

/** What one organization owns. */
export interface TenantTables {
  audit_heads: ReadOnly<AuditHeads>;
  audit_entries: ReadOnly<AuditEntries>;
  audit_words: ReadOnly<AuditWords>;
  audit_checkpoints: ReadOnly<AuditCheckpoints>;
  users: Owned<Users>;
  machines: Owned<Machines>;
  registration_tokens: Owned<RegistrationTokens>;
  machine_grants: Owned<MachineGrants>;
  groups: Owned<Groups>;
  group_members: Owned<GroupMembers>;
  group_machines: Owned<GroupMachines>;
  sessions: Owned<Sessions>;
  commands: Owned<Commands>;
  command_logs: Owned<CommandLogs>;
  recordings: Owned<Recordings>;
  issues: Owned<Issues>;
  fixes: Owned<Fixes>;
  fix_likes: Owned<FixLikes>;
  uploads: Owned<Uploads>;
  upload_uses: Owned<UploadUses>;
}
