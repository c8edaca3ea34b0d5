/** Each call of the bridge, led to the part of the core that does it. What comes in is parsed, and so is what goes out. */
import type { z } from 'zod';
import { machines } from '../../protocol/api/machines.ts';
import { terminals as sessions } from '../../protocol/api/terminals.ts';
import { calls, type CallName } from '../../protocol/bridge/calls.ts';
import type { Result } from '../../protocol/bridge/failure.ts';
import type { Host } from '../host/host.ts';
import type { Account } from './accounts/account.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { SignIns } from './accounts/sign-ins.ts';
import { installCommands } from './machines/install-commands.ts';
import type { Notices } from './notices.ts';
import { done, fail, invalidFields, ok, refused } from './outcome.ts';
import type { Preferences } from './settings/preferences.ts';
import type { ProfileFile } from './settings/profile-file.ts';
import type { Terminals } from './terminals/terminals.ts';
import type { Workstation } from './workstation/workstation.ts';

export type Calls = Readonly<Record<CallName, (input: unknown) => Promise<Result<unknown>>>>;

interface Parts {
  readonly host: Pick<Host, 'version' | 'openLink' | 'readClipboard'>;
  readonly computer: z.input<(typeof calls)['app.info']['output']>;
  readonly accounts: Accounts;
  readonly signIns: SignIns;
  readonly terminals: Terminals;
  readonly workstation: Workstation;
  readonly preferences: Preferences;
  readonly notices: Notices;
  readonly file: Pick<ProfileFile, 'stored' | 'change'>;
}

const LINKS: readonly string[] = ['http:', 'https:', 'mailto:'];

export function createCalls(parts: Parts): Calls {
  const { host, accounts, signIns, terminals, workstation, preferences, notices, file } = parts;
  const inAccount = async <T>(id: string, work: (account: Account) => Promise<Result<T>>): Promise<Result<T>> => {
    const account = accounts.get(id);
    return account === undefined ? fail('unknown-account') : work(account);
  };
  return {
    'app.info': handled(calls['app.info'], () => ok(parts.computer)),
    'links.open': handled(calls['links.open'], async ({ url }) => {
      if (!LINKS.includes(new URL(url).protocol)) return fail('not-available-here', url);
      await host.openLink(url);
      return done;
    }),
    'clipboard.read': handled(calls['clipboard.read'], async () => ok(await host.readClipboard())),
    'notices.dismiss': handled(calls['notices.dismiss'], ({ notice }) => {
      notices.dismiss(notice);
      return done;
    }),

    'servers.check': handled(calls['servers.check'], ({ address }) => accounts.check(address)),
    'accounts.sign-in': handled(calls['accounts.sign-in'], (wish) => signIns.withPassword(wish)),
    'accounts.sign-in-by': handled(calls['accounts.sign-in-by'], (wish) => signIns.withProvider(wish)),
    'accounts.switch': handled(calls['accounts.switch'], ({ account: id, tenant_id }) =>
      inAccount(id, (account) => signIns.switchFrom(account, tenant_id)),
    ),
    'sign-in.choose': handled(calls['sign-in.choose'], ({ sign_in, tenant_id }) => signIns.choose(sign_in, tenant_id)),
    'sign-in.code': handled(calls['sign-in.code'], ({ sign_in, code }) => signIns.code(sign_in, code)),
    'sign-in.resend': handled(calls['sign-in.resend'], ({ sign_in }) => signIns.resend(sign_in)),
    'sign-in.cancel': handled(calls['sign-in.cancel'], ({ sign_in }) => signIns.cancel(sign_in)),
    'accounts.sign-out': handled(calls['accounts.sign-out'], ({ account }) => accounts.signOut(account)),
    'accounts.activate': handled(calls['accounts.activate'], ({ account }) => accounts.activate(account)),

    'machines.get': handled(calls['machines.get'], ({ account: id, agent_id }) =>
      inAccount(id, async (account) => {
        const answer = await account.call(machines.get, { params: { agent_id } });
        return answer.ok ? ok(answer.value.machine) : answer;
      }),
    ),
    'machines.create': handled(calls['machines.create'], ({ account: id, ...body }) =>
      inAccount(id, async (account) => {
        const answer = await account.call(machines.create, { body });
        if (!answer.ok) return answer;
        const { agent_id, name, registration_token } = answer.value.machine;
        return ok({ agent_id, name, registration_token, commands: installCommands(account.address, name) });
      }),
    ),
    'machines.remove': handled(calls['machines.remove'], ({ account: id, agent_id }) =>
      inAccount(id, async (account) => {
        const answer = await account.call(machines.remove, { params: { agent_id } });
        return answer.ok ? done : answer;
      }),
    ),
    'machines.refresh': handled(calls['machines.refresh'], ({ account: id }) =>
      inAccount(id, (account) => account.refresh()),
    ),
    'sessions.end': handled(calls['sessions.end'], ({ account: id, session_id }) =>
      inAccount(id, async (account) => {
        const answer = await account.call(sessions.close, { params: { session_id } });
        return answer.ok ? done : answer;
      }),
    ),

    'terminals.open': handled(calls['terminals.open'], (wish) => terminals.open(wish)),
    'terminals.adopt': handled(calls['terminals.adopt'], (wish) => terminals.adopt(wish)),
    'terminals.close': handled(calls['terminals.close'], ({ terminal }) => terminals.close(terminal)),
    'terminals.keep': handled(calls['terminals.keep'], ({ terminal }) => terminals.keep(terminal)),
    'terminals.rename': handled(calls['terminals.rename'], ({ terminal, title }) => terminals.rename(terminal, title)),

    'workstation.register': handled(calls['workstation.register'], ({ account: id, ...wish }) =>
      inAccount(id, (account) => workstation.register(account, wish)),
    ),
    'workstation.start': handled(calls['workstation.start'], () => workstation.start()),
    'workstation.stop': handled(calls['workstation.stop'], () => workstation.stop()),
    'workstation.leave': handled(calls['workstation.leave'], () => workstation.leave()),
    'workstation.end-session': handled(calls['workstation.end-session'], ({ session_id }) =>
      workstation.endSession(session_id),
    ),

    'settings.update': handled(calls['settings.update'], (patch) => {
      preferences.update(patch);
      return done;
    }),
    'layout.load': handled(calls['layout.load'], () => ok(file.stored.layout)),
    'layout.save': handled(calls['layout.save'], ({ layout }) => {
      file.change({ layout });
      return done;
    }),
  };
}

type Work<I, O> = (input: I) => Result<O> | Promise<Result<O>>;

function handled<I extends z.ZodType, O extends z.ZodType>(
  call: { readonly input: I; readonly output: O },
  work: Work<z.output<I>, z.input<O>>,
): (input: unknown) => Promise<Result<unknown>> {
  return async (raw) => {
    const input = call.input.safeParse(raw);
    if (!input.success) return refused(invalidFields(input.error));
    const result = await work(input.data);
    return result.ok ? ok(call.output.parse(result.value)) : result;
  };
}
