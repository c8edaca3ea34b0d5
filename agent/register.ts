/** Joining: makes the key, shows the token once, keeps what the server answers. */
import os from 'node:os';
import { agents } from '../protocol/api/agents.ts';
import { errorBody } from '../protocol/api/errors.ts';
import type { AgentConfig } from './config/config.ts';
import { createIdentity } from './identity.ts';
import { describeSystem } from './describe-system.ts';
import { findWayOut } from './net/outbound.ts';
import { postJson } from './net/post-json.ts';

export interface Registration {
  /** Origin of the server. */
  readonly host: string;
  readonly token: string;
  readonly name?: string | undefined;
  readonly linuxUser?: string | undefined;
  readonly allowSudo: boolean;
  readonly ca: string | null;
  readonly insecure: boolean;
}
export interface RegisterParts {
  readonly version: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
}
export type Registered =
  | { readonly ok: true; readonly config: AgentConfig }
  | { readonly ok: false; readonly code: string; readonly message: string };

export async function register(wish: Registration, parts: RegisterParts): Promise<Registered> {
  const server = new URL(wish.host);
  const way = await findWayOut(server, { platform: parts.platform, env: parts.env, caFile: wish.ca });
  if (!way.ok) return way;
  const identity = createIdentity();
  const hostname = os.hostname();
  const name = wish.name ?? hostname;
  const body = agents.register.body.safeParse({
    token: wish.token,
    public_key: identity.publicKey,
    name: wish.name,
    hostname,
    os: await describeSystem(parts.platform),
    arch: os.arch(),
    agent_version: parts.version,
    linux_user: wish.linuxUser,
    metadata: { allow_sudo: wish.allowSudo, node: process.versions.node },
  });
  if (!body.success)
    return { ok: false, code: 'invalid-fields', message: 'The token or the name cannot be right: check their length.' };

  const answer = await postJson(new URL(agents.register.path, server), body.data, way);
  if (!answer.ok) return { ok: false, code: answer.failure.code, message: answer.failure.message };
  const joined = answer.status === 201 ? agents.register.answer[201].safeParse(answer.body) : null;
  if (joined?.success !== true) return explainRefusal(answer.status, answer.body, server);
  return {
    ok: true,
    config: {
      format: 1,
      host: wish.host,
      agent_id: joined.data.agent_id,
      tenant_id: joined.data.tenant_id,
      name,
      private_key: identity.privateKey,
      linux_user: wish.linuxUser ?? null,
      allow_sudo: wish.allowSudo,
      ca: wish.ca,
      insecure: wish.insecure,
      registered_at: new Date(parts.now()).toISOString(),
    },
  };
}

function explainRefusal(status: number, body: unknown, server: URL): Registered {
  const refusal = errorBody.safeParse(body);
  if (refusal.success) return { ok: false, code: refusal.data.code ?? `http-${status}`, message: refusal.data.error };
  const message = `Something answers at ${server.host}, but not a WebXTerm server of this kind. (HTTP ${status})`;
  return { ok: false, code: 'not-this-api', message };
}
