/**
 * What the desktop keeps in its profile's `settings.json`. Each part is read on its own, so that one that is broken costs the others
 * nothing; what this version does not know is left where it is.
 */
import { z } from 'zod';
import { portalRole } from '../../../protocol/api/values.ts';
import { agentId, sessionId, time } from '../../../protocol/api/values.ts';
import { accountId, terminalId } from '../../../protocol/bridge/ids.ts';
import { organization } from '../../../protocol/bridge/sign-in.ts';
import { settings, type Settings } from '../../../protocol/bridge/settings.ts';

/** An account without its token, which is in the keychain. */
const storedAccount = z.object({
  account: accountId,
  address: z.string(),
  user_id: z.string(),
  username: z.string(),
  email: z.string(),
  organization: z.string(),
  /** Empty where a version before wrote it: the server tells when it is asked next. */
  tenant_id: z.string().default(''),
  reaches: z.array(organization).default([]),
  role: portalRole,
});
export type StoredAccount = z.infer<typeof storedAccount>;

/** A terminal to attach again after a restart: its session, and the client it is there. */
const storedTerminal = z.object({
  terminal: terminalId,
  account: accountId,
  agent_id: agentId,
  machine_name: z.string(),
  session_id: sessionId,
  title: z.string(),
  started_at: time,
  /** The person closed it; its session may still have to be told. */
  closing: z.boolean().default(false),
});
export type StoredTerminal = z.infer<typeof storedTerminal>;

/** The account this computer was registered with, and whether its agent is to run with the app. */
const storedWorkstation = z.object({ account: accountId.nullable(), run: z.boolean() });
export type StoredWorkstation = z.infer<typeof storedWorkstation>;

export interface Stored {
  readonly settings: Settings;
  readonly last_address: string;
  readonly active: string | null;
  readonly accounts: readonly StoredAccount[];
  readonly terminals: readonly StoredTerminal[];
  /** The window's tabs and splits, its own JSON. */
  readonly layout: string | null;
  /** Servers that were seen to speak the framed dialect: they are never spoken to in the plain one. */
  readonly framed: readonly string[];
  readonly workstation: StoredWorkstation;
}

const fileShape = z.record(z.string(), z.unknown());
type FileShape = z.infer<typeof fileShape>;

export interface Read {
  readonly stored: Stored;
  /** Names of the parts that could not be read; their defaults stand. */
  readonly faults: readonly string[];
}

/** Reads what the file holds, part by part. */
export function readStored(content: unknown): Read {
  const faults: string[] = [];
  const part = <T>(name: string, schema: z.ZodType<T>, value: unknown, fallback: T): T => {
    if (value === undefined) return fallback;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    faults.push(name);
    return fallback;
  };
  const each = <T>(name: string, schema: z.ZodType<T>, value: unknown): T[] =>
    part(name, z.array(z.unknown()), value, []).flatMap((item, at) => {
      const parsed = part<T | null>(`${name} ${at + 1}`, schema.nullable(), item, null);
      return parsed === null ? [] : [parsed];
    });
  const file = part('file', fileShape, content, {});
  const stored: Stored = {
    settings: readSettings(part('settings', fileShape, file['settings'], {}), part),
    last_address: part('last_address', z.string(), file['last_address'], ''),
    active: part('active', accountId.nullable(), file['active'], null),
    accounts: each('accounts', storedAccount, file['accounts']),
    terminals: each('terminals', storedTerminal, file['terminals']),
    layout: part('layout', z.string().nullable(), file['layout'], null),
    framed: each('framed', z.string(), file['framed']),
    workstation: part('workstation', storedWorkstation, file['workstation'], { account: null, run: false }),
  };
  return { stored, faults };
}

type ReadPart = <T>(name: string, schema: z.ZodType<T>, value: unknown, fallback: T) => T;

function readSettings(file: FileShape, part: ReadPart): Settings {
  const initial = settings.parse({});
  const { shape } = settings;
  return {
    appearance: part('settings.appearance', shape.appearance, file['appearance'], initial.appearance),
    terminal: part('settings.terminal', shape.terminal, file['terminal'], initial.terminal),
    shortcuts: part('settings.shortcuts', shape.shortcuts, file['shortcuts'], initial.shortcuts),
    network: part('settings.network', shape.network, file['network'], initial.network),
    notifications: part('settings.notifications', shape.notifications, file['notifications'], initial.notifications),
  };
}

/** The file's new content: ours over what was there, so that keys of a newer version survive. */
export function writtenOver(content: unknown, stored: Stored): FileShape {
  const before = fileShape.safeParse(content).data ?? {};
  const settingsBefore = fileShape.safeParse(before['settings']).data ?? {};
  const sections = Object.entries(stored.settings).map(([name, section]): [string, unknown] => [
    name,
    name === 'shortcuts' ? section : { ...fileShape.safeParse(settingsBefore[name]).data, ...section },
  ]);
  return { ...before, ...stored, settings: { ...settingsBefore, ...Object.fromEntries(sections) } };
}
