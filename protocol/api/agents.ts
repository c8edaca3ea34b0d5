/** How an agent joins and where it connects. */
import { z } from 'zod';
import { AGENT_SUBPROTOCOL } from '../wire/control.ts';
import { linuxUser, machineName, metadata } from './machines.ts';
import { rows } from './row.ts';
import { agentId } from './values.ts';

/** Ed25519, base64url of its 32 bytes. */
export const publicKey = z.string().regex(/^[\w-]{43}$/, 'must be an Ed25519 key in base64url');

export const agents = rows({
  register: {
    method: 'POST',
    path: '/api/agent/register',
    access: 'public', // the token in the body is the credential
    rate: 'guess',
    body: z.object({
      /** A registration token, or a user's API key. */
      token: z.string().min(8).max(256),
      public_key: publicKey,
      name: machineName.optional(),
      hostname: z.string().max(255),
      os: z.string().max(128),
      arch: z.string().max(32),
      agent_version: z.string().max(64),
      linux_user: linuxUser.optional(),
      metadata: metadata.optional(),
    }),
    answer: { 201: z.object({ agent_id: agentId, tenant_id: z.string(), heartbeat_s: z.number() }) },
    refuses: ['registration-token-dead', 'slow-down'],
    audit: 'agent_joined',
  },
  connect: {
    kind: 'socket',
    method: 'GET',
    path: '/api/agent/ws',
    access: 'agent',
    // Nothing to guess: a signature is asked for. A whole fleet behind one address comes back at once; the service admits it.
    rate: 'none',
    subprotocols: [AGENT_SUBPROTOCOL],
    audit: 'agent_connected',
  },
});
