/** Whether an agent that said hello is the machine it says, in a version this service speaks. */
import type { FromAgent, ToAgent } from '../../../protocol/wire/control.ts';
import type { Visitor } from '../../gateway/caller.ts';
import type { Actor, OrganizationStore, Store } from '../../store/store.ts';
import { isProven } from '../agent-proof.ts';
import type { MachineSettings } from '../settings.ts';
import { DISABLED } from './goodbyes.ts';

export type Hello = Extract<FromAgent, { type: 'hello' }>;
export type Goodbye = Extract<ToAgent, { type: 'goodbye' }>;

export interface Admitted {
  readonly organizationId: string;
  readonly agentId: string;
  /** The user its terminals run as, when the server says so. */
  readonly linuxUser: string | null;
}
export type Admission =
  { readonly ok: true; readonly machine: Admitted } | { readonly ok: false; readonly goodbye: Goodbye };

interface Asked {
  readonly hello: Hello;
  readonly nonce: string;
  readonly visitor: Visitor;
}
interface Parts {
  readonly store: Pick<Store, 'directory' | 'organization'>;
  readonly publicUrl: URL | null;
  readonly settings: Pick<MachineSettings, 'oldestProtocol'>;
}

/** Known and proven: stored, with its audit entry. A wrong proof for a known machine has its entry too. */
export async function admit(asked: Asked, parts: Parts): Promise<Admission> {
  const { hello } = asked;
  const { oldestProtocol } = parts.settings;
  if (hello.protocol < oldestProtocol) return refuse('unsupported', tooOld(hello, oldestProtocol));
  const located = await parts.store.directory.byAgent(hello.agent_id);
  if (!located) return UNKNOWN;
  const organization = parts.store.organization(located.organizationId);
  const machine = await keyOf(organization, hello.agent_id);
  if (!machine) return UNKNOWN;
  const isRight = isItself(asked, machine.publicKey, parts.publicUrl);
  if (isRight && !located.isOpen) return { ok: false, goodbye: DISABLED };
  if (!(await note(organization, asked, isRight ? machine.publicKey : null))) return UNKNOWN;
  const { organizationId } = located;
  return { ok: true, machine: { organizationId, agentId: hello.agent_id, linuxUser: machine.linuxUser } };
}

/** Null: it never joined, or its key was forgotten. */
async function keyOf({ read }: OrganizationStore, agentId: string) {
  const machine = await read
    .selectFrom('machines')
    .select(['public_key as publicKey', 'linux_user as linuxUser'])
    .where('agent_id', '=', agentId)
    .executeTakeFirst();
  if (!machine || machine.publicKey === null) return null;
  return { publicKey: machine.publicKey, linuxUser: machine.linuxUser };
}

/** The gateway let only names of this server through in the Host header. */
function isItself({ hello, nonce, visitor }: Asked, publicKey: string, publicUrl: URL | null): boolean {
  const hosts = [visitor.host, ...(publicUrl ? [publicUrl.host] : [])];
  return isProven({ publicKey, agentId: hello.agent_id, nonce, signature: hello.signature }, hosts);
}

/** False when it is not proven, or its key was forgotten meanwhile. */
async function note(
  organization: OrganizationStore,
  { hello, visitor }: Asked,
  provenBy: string | null,
): Promise<boolean> {
  const actor: Actor = {
    userId: null,
    username: null,
    address: visitor.address,
    userAgent: visitor.userAgent,
    source: null,
  };
  const resource = hello.agent_id;
  const detail = { agent_version: hello.agent_version, hostname: hello.hostname };
  const written = await organization.write<boolean>(actor, async (tx) => {
    if (provenBy === null) {
      const audit = { action: 'agent_connected', resource, status: 'failure' as const, detail };
      return { value: false, audit };
    }
    const updated = await tx
      .updateTable('machines')
      .set({
        agent_version: hello.agent_version,
        hostname: hello.hostname,
        os: hello.os,
        arch: hello.arch,
        ip_address: visitor.address,
      })
      .where('agent_id', '=', hello.agent_id)
      .where('public_key', '=', provenBy)
      .executeTakeFirst();
    if (updated.numUpdatedRows === 0n) return { refuse: { code: 'not-found' } };
    return { value: true, audit: { action: 'agent_connected', resource, detail } };
  });
  return 'value' in written && written.value;
}

function tooOld({ agent_version: version, protocol }: Hello, oldest: number): string {
  return `Agent ${version} speaks version ${protocol} of the protocol, this server ${oldest} and later: update the agent.`;
}

function refuse(reason: Goodbye['reason'], message: string): Admission {
  return { ok: false, goodbye: { type: 'goodbye', reason, message } };
}

/** One answer for a machine that is not there, one that never joined and a wrong signature. */
const UNKNOWN = refuse(
  'unauthorized',
  'This server does not know this agent by this key. It may have been removed: join again.',
);
