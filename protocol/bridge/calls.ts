/** What the window may ask of the main process. Checked on both sides; a call that is not here does not exist. Each names its account. */
import { z } from 'zod';
import { linuxUser, machineDetail, machineName, tags } from '../api/machines.ts';
import { agentId, provider, sessionId } from '../api/values.ts';
import { cols, rows } from '../wire/control.ts';
import { accountId, signInId, terminalId } from './ids.ts';
import { settingsPatch } from './settings.ts';
import { signIn } from './sign-in.ts';

const call = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ input, output });
const nothing = z.null();
const inAccount = z.object({ account: accountId });
const tenantId = z.string().min(1).max(64);
const ofSignIn = z.object({ sign_in: signInId });
/** Where a sign-in begins. `again`: an account that is here already; its organization is not asked for once more. */
const signInAt = z.object({ address: z.string().max(2048), again: accountId.optional() });
const ofTerminal = z.object({ terminal: terminalId });
const size = { cols, rows };

/** One way to install the agent on the machine to be added. */
const installCommand = z.object({ os: z.enum(['linux', 'macos', 'windows']), command: z.string() });

export const calls = {
  'app.info': call(
    nothing,
    z.object({ version: z.string(), platform: z.enum(['linux', 'macos', 'windows', 'other']), computer: z.string() }),
  ),
  'links.open': call(z.object({ url: z.url().max(4096) }), nothing),
  /** Text of the clipboard, or null where only the window itself can read it. */
  'clipboard.read': call(nothing, z.string().nullable()),
  'notices.dismiss': call(z.object({ notice: z.string() }), nothing),

  'servers.check': call(
    z.object({ address: z.string().max(2048) }),
    z.object({
      address: z.string(),
      version: z.string().nullable(),
      encrypted: z.boolean(),
      /** It runs on this computer, so nothing that is not encrypted leaves it. */
      local: z.boolean(),
      /** By whom else than itself it lets people sign in. */
      providers: z.array(provider),
    }),
  ),
  /** Begins a sign-in, in place of one that is on its way. How it goes on is told in `sign-in.changed`, before the answer. */
  'accounts.sign-in': call(signInAt.extend({ email: z.string().max(254), password: z.string().max(1024) }), signIn),
  'accounts.sign-in-by': call(signInAt.extend({ provider }), signIn),
  /**
   * To another organization that this account's sign-in reaches: as an account of its own, beside this one. Where that account is here and
   * its sign-in holds, it becomes the active one: nothing begins, so nothing is told in `sign-in.changed`.
   */
  'accounts.switch': call(inAccount.extend({ tenant_id: tenantId }), signIn),
  'sign-in.choose': call(ofSignIn.extend({ tenant_id: tenantId }), signIn),
  'sign-in.code': call(ofSignIn.extend({ code: z.string().max(16) }), signIn),
  'sign-in.resend': call(ofSignIn, signIn),
  /** Leaves it, on its way or over: it is told no more. Null: one of which nothing was told yet. */
  'sign-in.cancel': call(z.object({ sign_in: signInId.nullable() }), nothing),
  'accounts.sign-out': call(inAccount, nothing),
  'accounts.activate': call(inAccount, nothing),

  'machines.get': call(inAccount.extend({ agent_id: agentId }), machineDetail),
  'machines.create': call(
    inAccount.extend({ name: machineName, description: z.string().max(1000).optional(), tags: tags.optional() }),
    z.object({
      agent_id: agentId,
      name: z.string(),
      registration_token: z.string(),
      commands: z.array(installCommand),
    }),
  ),
  'machines.remove': call(inAccount.extend({ agent_id: agentId }), nothing),
  /** Ask the server for everything once more. */
  'machines.refresh': call(inAccount, nothing),
  'sessions.end': call(inAccount.extend({ session_id: sessionId }), nothing),

  /** A new session on a machine. The terminal is there at once; how it goes is told on its port and in `terminals.changed`. */
  'terminals.open': call(
    inAccount.extend({ agent_id: agentId, ...size, cwd: z.string().max(4096).optional() }),
    z.object({ terminal: terminalId }),
  ),
  /** A terminal on a session that lives already; `take`: the person asked for control. */
  'terminals.adopt': call(
    inAccount.extend({ agent_id: agentId, session_id: sessionId, take: z.boolean(), ...size }),
    z.object({ terminal: terminalId }),
  ),
  /** Ends its session after a short while in which `terminals.keep` takes it back. */
  'terminals.close': call(ofTerminal, z.object({ undo_ms: z.number() })),
  'terminals.keep': call(ofTerminal, nothing),
  'terminals.rename': call(ofTerminal.extend({ title: z.string().max(200) }), nothing),

  'workstation.register': call(
    inAccount.extend({ name: machineName, linux_user: linuxUser.optional(), allow_sudo: z.boolean() }),
    nothing,
  ),
  'workstation.start': call(nothing, nothing),
  'workstation.stop': call(nothing, nothing),
  /** Stops the agent, forgets its key and removes the machine from its organization. */
  'workstation.leave': call(nothing, nothing),
  'workstation.end-session': call(z.object({ session_id: z.string() }), nothing),

  'settings.update': call(settingsPatch, nothing),
  /** Where tabs and splits are: the window's own JSON, kept but not looked into. */
  'layout.load': call(nothing, z.string().max(1_000_000).nullable()),
  'layout.save': call(z.object({ layout: z.string().max(1_000_000) }), nothing),
} as const;

export type Calls = typeof calls;
export type CallName = keyof Calls;
export type CallInput<N extends CallName> = z.input<Calls[N]['input']>;
export type CallOutput<N extends CallName> = z.output<Calls[N]['output']>;
