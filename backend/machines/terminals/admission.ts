/** Whether an agent that said hello is the machine it says, in a version this service speaks. */
import type { FromAgent, ToAgent } from '../../../protocol/wire/control.ts';
import type { Visitor } from '../../gateway/caller.ts';
import type { Refusals } from '../../store/refusals.ts';
import { PLATFORM, type Actor, type OrganizationStore, type Store } from '../../store/store.ts';
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
  /** As stored: whatever ends this connection, and no later one, takes it back. */
  readonly connectedAt: string;
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
  readonly refusals: Pick<Refusals, 'note'>;
  readonly publicUrl: URL | null;
  readonly now: () => number;
  readonly settings: Pick<MachineSettings, 'oldestProtocol'>;
}

/** Known and proven: stored, with its audit entry. Refused: that has its entry too, in its own organization where that is known. */
export async function admit(asked: Asked, parts: Parts): Promise<Admission> {
  const located = await parts.store.directory.byAgent(asked.hello.agent_id);
  const organizationId = located?.organizationId ?? PLATFORM.id;
  const organization = parts.store.organization(organizationId);
  const looked = await look(organization, asked, { ...parts, isOpen: located?.isOpen === true });
  if (looked.ok) return { ok: true, machine: { ...looked.machine, organizationId } };
  const detail = { reason: looked.reason, ...about(asked.hello) };
  await parts.refusals.note({ ...connected(asked), organizationId, status: 'failure', detail });
  return { ok: false, goodbye: looked.goodbye };
}

type Looked =
  | { readonly ok: true; readonly machine: Omit<Admitted, 'organizationId'> }
  | { readonly ok: false; readonly goodbye: Goodbye; readonly reason: string };

function no(reason: string, goodbye: Goodbye = UNKNOWN): Looked {
  return { ok: false, goodbye, reason };
}

async function look(
  organization: OrganizationStore,
  asked: Asked,
  parts: Parts & { readonly isOpen: boolean },
): Promise<Looked> {
  const { hello } = asked;
  const { oldestProtocol } = parts.settings;
  if (hello.protocol < oldestProtocol) return no('protocol-too-old', tooOld(hello, oldestProtocol));
  const machine = await organization.read
    .selectFrom('machines')
    .select(['public_key', 'linux_user'])
    .where('agent_id', '=', hello.agent_id)
    .executeTakeFirst();
  if (!machine) return no('unknown-agent');
  const { public_key: publicKey, linux_user: linuxUser } = machine;
  if (publicKey === null) return no('never-joined');
  if (!isRight(publicKey, asked, parts)) return no('wrong-signature');
  if (!parts.isOpen) return no('organization-disabled', DISABLED);
  const connectedAt = new Date(parts.now()).toISOString();
  const isStored = await store(organization, asked, { publicKey, connectedAt });
  return isStored ? { ok: true, machine: { agentId: hello.agent_id, linuxUser, connectedAt } } : no('key-forgotten');
}

function isRight(publicKey: string, { hello, nonce, visitor }: Asked, { publicUrl }: Parts): boolean {
  const proof = { publicKey, agentId: hello.agent_id, nonce, signature: hello.signature };
  // The gateway let only names of this server through in the Host header.
  return isProven(proof, [visitor.host, ...(publicUrl ? [publicUrl.host] : [])]);
}

/** False when its key was forgotten meanwhile. */
async function store(
  organization: OrganizationStore,
  asked: Asked,
  { publicKey, connectedAt }: { readonly publicKey: string; readonly connectedAt: string },
): Promise<boolean> {
  const { hello, visitor } = asked;
  const { actor, ...audit } = connected(asked);
  const written = await organization.write(actor, async (tx) => {
    const updated = await tx
      .updateTable('machines')
      .set({
        agent_version: hello.agent_version,
        hostname: hello.hostname,
        os: hello.os,
        arch: hello.arch,
        ip_address: visitor.address,
        connected_at: connectedAt,
      })
      .where('agent_id', '=', hello.agent_id)
      .where('public_key', '=', publicKey)
      .executeTakeFirst();
    if (updated.numUpdatedRows === 0n) return { refuse: { code: 'not-found' } };
    return { value: undefined, audit: { ...audit, detail: about(hello) } };
  });
  return !('refuse' in written);
}

function connected({ hello, visitor: { address, userAgent } }: Asked) {
  const actor: Actor = { userId: null, username: null, address, userAgent, source: null };
  return { actor, action: 'agent_connected', resource: hello.agent_id };
}

function about({ agent_version, hostname }: Hello) {
  return { agent_version, hostname };
}

function tooOld({ agent_version: version, protocol }: Hello, oldest: number): Goodbye {
  const message = `Agent ${version} speaks version ${protocol} of the protocol, this server ${oldest} and later: update the agent.`;
  return { type: 'goodbye', reason: 'unsupported', message };
}

/** One answer for a machine that is not there, one that never joined and a wrong signature. */
const UNKNOWN: Goodbye = {
  type: 'goodbye',
  reason: 'unauthorized',
  message: 'This server does not know this agent by this key. It may have been removed: join again.',
};
