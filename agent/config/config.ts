/** What the agent knows of itself: one file in its folder, with the private key, readable by its owner only. */
import path from 'node:path';
import { z } from 'zod';
import { CONFIG_FILE, registration } from '../../protocol/agent/folder.ts';
import { linuxUser } from '../../protocol/api/machines.ts';
import { agentId } from '../../protocol/api/values.ts';
import { isUsableKey } from '../identity.ts';
import { parseAddress } from '../net/address.ts';
import { readPrivateFile, setAside, writePrivateFile } from './private-file.ts';

const FORMAT = 1;
const agentConfig = registration.extend({
  format: z.literal(FORMAT),
  /** Scheme, host and port of the server. */
  host: z.string().refine((host) => {
    const address = parseAddress(host, true);
    return address.ok && address.origin === host;
  }, 'must be an origin'),
  agent_id: agentId,
  tenant_id: z.string(),
  /** Ed25519, PKCS #8 in base64url. It was made here and never leaves. */
  private_key: z.string().refine(isUsableKey, 'must be a key that can sign'),
  /** Whose shells are opened; null: the agent's own account, or what the server says when it runs as root. */
  linux_user: linuxUser.nullable(),
  allow_sudo: z.boolean(),
  /** A file with further certificate authorities. */
  ca: z.string().nullable(),
  /** Plain ws:// beyond this computer was wished for explicitly. */
  insecure: z.boolean(),
  registered_at: z.iso.datetime(),
});
export type AgentConfig = z.infer<typeof agentConfig>;

export type LoadedConfig =
  | { readonly ok: true; readonly config: AgentConfig }
  | {
      readonly ok: false;
      readonly code: 'not-configured' | 'config-corrupt' | 'config-newer' | 'config-unreadable';
      readonly message: string;
    };

const configFile = (folder: string) => path.join(folder, CONFIG_FILE);
const newer = z.object({ format: z.int().gt(FORMAT) });

export async function loadConfig(folder: string, now: number): Promise<LoadedConfig> {
  const file = configFile(folder);
  const text = await readPrivateFile(file).catch((error: unknown) => ({ error }));
  if (text === null) {
    return {
      ok: false,
      code: 'not-configured',
      message: `This computer is not registered: there is no ${file}. Run webxterm-agent configure.`,
    };
  }
  if (typeof text !== 'string') {
    const detail = text.error instanceof Error ? text.error.message : String(text.error);
    return { ok: false, code: 'config-unreadable', message: `${file} cannot be read: ${detail}` };
  }
  const value = parseJson(text);
  const config = agentConfig.safeParse(value);
  if (config.success) return { ok: true, config: config.data };
  if (newer.safeParse(value).success) {
    return {
      ok: false,
      code: 'config-newer',
      message: `${file} was written by a newer version of this agent. Update the agent.`,
    };
  }
  const aside = await setAside(file, now);
  return {
    ok: false,
    code: 'config-corrupt',
    message: `The configuration was damaged and is kept as ${aside}. Run webxterm-agent configure with a new token.`,
  };
}

/** Throws when it cannot be written. */
export async function saveConfig(folder: string, config: AgentConfig): Promise<void> {
  await writePrivateFile(configFile(folder), `${JSON.stringify(config, null, 2)}\n`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
