/** What an operator sets: read once from the environment and the command line, checked, then handed down. */
import { z } from 'zod';
import { proxyList, type Proxies } from './gateway/address.ts';
import { logLevels, type LogLevel } from './gateway/log.ts';
import { signInConfig, signInProblems, signInVariables, type SignInConfig } from './sign-in-config.ts';
import { databaseUrl } from './store/postgres/url.ts';

const addressLike = (example: string) =>
  z
    .url({ protocol: /^https?$/, error: `must be an address such as ${example}` })
    .transform((text) => new URL(text))
    .refine((url) => url.pathname === '/' && url.search === '', 'must have no path');
const days = z.coerce.number('must be a number of days').int('must be whole days').min(1, 'must be 1 at least');
const proxies = z
  .string()
  .transform((text) => proxyList(text.split(/[\s,]+/).filter((entry) => entry !== '')))
  .refine((list) => list !== null, 'must be addresses or networks such as 10.0.0.0/8, with commas between');

/** The environment variables that are read, with what `--help` says of each. */
const environment = z.object({
  WEBXTERM_DATA: z.string().optional().describe('data folder, where --data is not given'),
  DATABASE_URL: databaseUrl
    .optional()
    .describe('a PostgreSQL database of its own, for the store; a file in the data folder by default'),
  PUBLIC_URL: addressLike('https://terminals.example.org')
    .optional()
    .describe('where people and agents reach this server; this computer alone by default'),
  TRUSTED_PROXIES: proxies
    .optional()
    .describe('addresses and networks whose X-Forwarded-For is believed; none by default'),
  JWT_SECRET: z
    .string()
    .min(32, 'must have 32 characters at least')
    .optional()
    .describe('signs tokens; by default made once and kept in the data folder'),
  TOKEN_HOURS: z.coerce
    .number('must be a number of hours')
    .min(0.1, 'must be 0.1 at least')
    .max(720, 'must be 720 at most')
    .default(24)
    .describe('how long a token lives; 24 by default'),
  MACHINES_URL: addressLike('http://127.0.0.1:8081')
    .optional()
    .describe('with --role auth: where the machine service listens, such as http://127.0.0.1:8081'),
  AUDIT_DAYS: days.nullable().default(null).describe('how long audit entries are kept; for ever by default'),
  RECORDING_DAYS: days.nullable().default(null).describe('how long recordings are kept; for ever by default'),
  RECORDINGS: z
    .enum(['on', 'off'], 'must be on or off')
    .default('on')
    .describe('on or off: whether what sessions show is recorded; on by default'),
  ...signInVariables,
  LOG_LEVEL: z
    .enum(logLevels, `must be one of ${logLevels.join(', ')}`)
    .default('info')
    .describe(`${logLevels.join(', ')}; info by default`),
});

const checked = environment.refine((set) => set.DATABASE_URL === undefined || set.JWT_SECRET !== undefined, {
  path: ['JWT_SECRET'],
  error: 'must be set with DATABASE_URL: every server of the store signs with it',
});

export const variableHelp: readonly { readonly name: string; readonly says: string }[] = Object.entries(
  environment.shape,
).map(([name, schema]) => ({ name, says: schema.description ?? '' }));

export const roleNames = ['all', 'auth', 'machines'] as const;
/** Which of the two services this process is. `all`: both, without a hop between them. */
export type Role =
  { readonly is: 'all' } | { readonly is: 'auth'; readonly machinesUrl: URL } | { readonly is: 'machines' };

export interface Config extends SignInConfig {
  readonly role: Role;
  readonly dataFolder: string;
  /** Holds a password: not for logs. Null: the store is a file in the data folder. */
  readonly databaseUrl: string | null;
  readonly listenHost: string;
  readonly port: number;
  readonly publicUrl: URL | null;
  readonly trustedProxies: Proxies;
  readonly hasTrustedProxies: boolean;
  readonly jwtSecret: string | null;
  readonly tokenLifetimeS: number;
  /** Null: for ever. */
  readonly auditDays: number | null;
  readonly recordingDays: number | null;
  readonly records: boolean;
  readonly logLevel: LogLevel;
}
export interface Flags {
  readonly data?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly role?: Role['is'] | undefined;
}
export type Configured =
  { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly problems: readonly string[] };

/** `usualFolder`: where data goes when nothing else is said. Every problem is told at once. A variable set to nothing is not set. */
export function readConfig(
  variables: Readonly<Record<string, string | undefined>>,
  flags: Flags,
  usualFolder: string,
): Configured {
  const set = Object.fromEntries(Object.entries(variables).filter(([, text]) => text !== ''));
  const parsed = checked.safeParse(set);
  if (!parsed.success) {
    return { ok: false, problems: parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`) };
  }
  const problems = signInProblems(parsed.data);
  if (problems.length > 0) return { ok: false, problems };
  const role = roleOf(flags.role, parsed.data.MACHINES_URL);
  if (!role) return { ok: false, problems: ['MACHINES_URL must be set with --role auth'] };
  const dataFolder = flags.data ?? parsed.data.WEBXTERM_DATA ?? usualFolder;
  return { ok: true, config: Object.freeze({ role, dataFolder, ...listening(flags), ...settings(parsed.data) }) };
}

/** Null: what it needs is missing. */
function roleOf(is: Role['is'] | undefined, machinesUrl: URL | undefined): Role | null {
  if (is !== 'auth') return { is: is ?? 'all' };
  return machinesUrl ? { is, machinesUrl } : null;
}

function listening({ host, port }: Flags): Pick<Config, 'listenHost' | 'port'> {
  return { listenHost: host ?? '127.0.0.1', port: port ?? 8080 };
}

function settings(data: z.output<typeof environment>): Omit<Config, 'role' | 'dataFolder' | 'listenHost' | 'port'> {
  return {
    databaseUrl: data.DATABASE_URL ?? null,
    publicUrl: data.PUBLIC_URL ?? null,
    trustedProxies: data.TRUSTED_PROXIES ?? { check: () => false },
    hasTrustedProxies: data.TRUSTED_PROXIES !== undefined,
    jwtSecret: data.JWT_SECRET ?? null,
    tokenLifetimeS: Math.round(data.TOKEN_HOURS * 3600),
    auditDays: data.AUDIT_DAYS,
    recordingDays: data.RECORDING_DAYS,
    records: data.RECORDINGS === 'on',
    logLevel: data.LOG_LEVEL,
    ...signInConfig(data),
  };
}
