/** An agent of which a test decides every word: it registers and proves itself as a real one, then says what it is told to. */
import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import {
  AGENT_SUBPROTOCOL,
  challengeText,
  toAgent,
  type FromAgent,
  type HelloSession,
  type ToAgent,
} from '../../protocol/wire/control.ts';
import { talk, type Talk } from './talk.ts';

export type AgentTalk = Talk<ToAgent, FromAgent>;
type Hello = Extract<FromAgent, { type: 'hello' }>;

export interface ScriptedAgent {
  readonly agentId: string;
  /** The public half, as registered. */
  readonly publicKey: string;
  /** An open socket that has heard its challenge and has not answered yet. */
  dial(): Promise<{ readonly link: AgentTalk; readonly nonce: string }>;
  hello(nonce: string, change?: Partial<Hello>): Hello;
  /** Dials, says hello, and was welcomed. */
  connect(change?: Partial<Hello>): Promise<AgentTalk>;
}
export interface Server {
  /** `http://127.0.0.1:…`. */
  readonly url: string;
}

export interface AgentKey {
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}
export function newAgentKey(): AgentKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { publicKey: z.string().parse(publicKey.export({ format: 'jwk' }).x), privateKey };
}

/** Joins by a registration token or an API key; the answer of the server is the caller's to look at. */
export async function register(server: Server, token: string, key: AgentKey, change: object = {}): Promise<Response> {
  const about = { hostname: 'scripted', os: 'Linux', arch: 'x64', agent_version: '0.0.0' };
  return fetch(`${server.url}/api/agent/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, public_key: key.publicKey, ...about, ...change }),
  });
}

/** A registered agent, not yet connected. */
export async function joinScripted(server: Server, token: string): Promise<ScriptedAgent> {
  const key = newAgentKey();
  const answer = await register(server, token, key);
  if (answer.status !== 201) throw new Error(`not registered: ${answer.status} ${await answer.text()}`);
  const { agent_id: agentId } = z.object({ agent_id: z.string() }).parse(await answer.json());
  return scriptedAgent(server, agentId, key);
}

export function scriptedAgent(server: Server, agentId: string, key: AgentKey): ScriptedAgent {
  const bootId = randomUUID();
  const { host } = new URL(server.url);
  const agent: ScriptedAgent = {
    agentId,
    publicKey: key.publicKey,
    async dial() {
      const url = `${server.url.replace('http', 'ws')}/api/agent/ws`;
      const link = await talk<ToAgent, FromAgent>(url, [AGENT_SUBPROTOCOL], toAgent);
      const { nonce } = await link.next('challenge');
      return { link, nonce };
    },
    hello: (nonce, change) => ({
      type: 'hello',
      agent_id: agentId,
      boot_id: bootId,
      signature: sign(null, Buffer.from(challengeText(host, agentId, nonce)), key.privateKey).toString('base64url'),
      agent_version: '0.0.0',
      protocol: 1,
      hostname: 'scripted',
      os: 'Linux',
      arch: 'x64',
      sessions: [],
      ...change,
    }),
    async connect(change) {
      const { link, nonce } = await agent.dial();
      link.say(agent.hello(nonce, change));
      await link.next('welcome');
      return link;
    },
  };
  return agent;
}

export function reported(sessionId: string, change: Partial<HelloSession> = {}): HelloSession {
  return { session_id: sessionId, output_offset: 0, client: null, exited: false, ...change };
}
