/** This computer as a managed machine: registered, its agent run and watched, and taken away again. */
import type { Registration } from '../../../protocol/agent/folder.ts';
import type { AgentStatus } from '../../../protocol/agent/status.ts';
import { terminals } from '../../../protocol/api/terminals.ts';
import type { Notice, Workstation as State } from '../../../protocol/bridge/events.ts';
import type { Failure, Result } from '../../../protocol/bridge/failure.ts';
import type { Host } from '../../host/host.ts';
import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import { createOrder } from '../in-order.ts';
import type { Log } from '../log/log.ts';
import type { Notices } from '../notices.ts';
import { done, fail } from '../outcome.ts';
import type { Preferences } from '../settings/preferences.ts';
import type { ProfileFile } from '../settings/profile-file.ts';
import { variable, type Watched } from '../variable.ts';
import { agentNetwork } from './agent-commands.ts';
import type { AgentFolder } from './agent-folder.ts';
import { createMembership, type RegisterWish } from './membership.ts';
import type { OtherAgent } from './other-agent.ts';
import { workstationState } from './standing.ts';
import { createSupervisor } from './supervisor.ts';
import { createVisitors } from './visitors.ts';

export interface Workstation extends AsyncDisposable {
  readonly state: Watched<State>;
  register(account: Account, wish: RegisterWish): Promise<Result<null>>;
  start(): Promise<Result<null>>;
  stop(): Promise<Result<null>>;
  leave(): Promise<Result<null>>;
  endSession(sessionId: string): Promise<Result<null>>;
  wake(): void;
}
interface WorkstationParts {
  readonly host: Pick<Host, 'startAgent' | 'notify'>;
  readonly folder: AgentFolder;
  readonly other: OtherAgent;
  readonly accounts: Pick<Accounts, 'get' | 'all'>;
  readonly preferences: Pick<Preferences, 'settings'>;
  readonly file: Pick<ProfileFile, 'stored' | 'change'>;
  readonly notices: Notices;
  readonly log: Log;
  readonly now: () => number;
  readonly backoff: (attempt: number) => number;
  readonly isOwnSession: (sessionId: string) => boolean;
}

export function createWorkstation(parts: WorkstationParts): Workstation {
  const { host, folder, other, accounts, file } = parts;
  const ended = new AbortController();
  const { settings } = parts.preferences;
  const network = () => settings.value.network;
  const startAgent: Host['startAgent'] = (args, given) => host.startAgent(args, given);
  let registration: Registration | null = null;
  let otherStatus: AgentStatus | null = null;
  /** Of that other agent's process. */
  let watching = new AbortController();
  let busy: 'registering' | 'leaving' | null = null;
  let failure: Failure | null = null;
  const inOrder = createOrder();

  const membership = createMembership({ startAgent, folder: folder.path, network });
  const supervisor = createSupervisor({
    ...parts,
    launch: () => startAgent(['start', '--config', folder.path], agentNetwork(network())),
  });
  const visitors = createVisitors({
    isOwn: parts.isOwnSession,
    notify(note) {
      if (settings.value.notifications.sessions) host.notify(note);
    },
  });
  const owner = (): Account | null => {
    if (registration === null) return null;
    const { host: server } = registration;
    const onServer = accounts.all.value.filter((account) => new URL(account.address).origin === server);
    return onServer.find((account) => account.id === file.stored.workstation.account) ?? onServer[0] ?? null;
  };
  const present = (): State =>
    workstationState({
      busy,
      registration,
      failure,
      account: owner()?.id ?? null,
      supervised: supervisor.state.value,
      other: otherStatus,
    });
  const state = variable(present());
  const changed = (): void => {
    const next = present();
    state.set(next);
    visitors.saw(next.status);
  };
  const see = (living: AgentStatus | null): void => {
    if (living?.pid !== otherStatus?.pid) {
      watching.abort();
      watching = new AbortController();
      if (living !== null)
        other.onGone(living.pid, () => void look(), AbortSignal.any([ended.signal, watching.signal]));
    }
    otherStatus = living;
  };
  const look = async (): Promise<void> => {
    const [known, living] = await Promise.all([folder.registration(), folder.status()]);
    if (ended.signal.aborted) return;
    registration = known;
    const { at, status } = supervisor.state.value;
    see(at === 'running' && status?.pid === living?.pid ? null : living);
    if (at === 'resting' && otherStatus !== null) await supervisor.stop();
    changed();
  };
  /** One after the other: a switch that is clicked twice does not do half of each. */
  const inTurn = (work: () => Result<null> | Promise<Result<null>>): Promise<Result<null>> =>
    inOrder(async () => {
      await look();
      const result = await work();
      await look();
      return result;
    });
  const during = async (what: 'registering' | 'leaving', work: () => Promise<Result<null>>): Promise<Result<null>> => {
    busy = what;
    failure = null;
    changed();
    const result = await work().finally(() => {
      busy = null;
    });
    failure = result.ok ? null : result.failure;
    return result;
  };
  const wish = (change: Partial<typeof file.stored.workstation>): void =>
    file.change({ workstation: { ...file.stored.workstation, ...change } });
  const stopAgents = async (): Promise<Result<null>> => {
    await supervisor.stop();
    const isGone = otherStatus === null || (await other.stop(otherStatus.pid));
    return isGone ? done : fail('agent-failed', 'It does not end.');
  };
  const join = async (account: Account, asked: RegisterWish): Promise<Result<null>> => {
    const joined = await membership.join(account, asked);
    if (!joined.ok) return joined;
    wish({ account: account.id, run: true });
    supervisor.start();
    return done;
  };
  const leave = async (known: Registration, account: Account | null): Promise<Result<null>> => {
    const stopped = await stopAgents();
    if (!stopped.ok) return stopped;
    const left = await membership.leave(known, account);
    if (!left.ok) return left;
    wish({ account: null, run: false });
    if (account === null) parts.notices.tell(leftBehind(known));
    return done;
  };

  supervisor.state.watch(({ at }) => {
    changed();
    if (at === 'resting' || at === 'off') void look(); // perhaps another program was quicker
  }, ended.signal);
  accounts.all.watch(changed, ended.signal);
  folder.watch(() => void look(), ended.signal);
  void inTurn(() => {
    if (file.stored.workstation.run && registration !== null && otherStatus === null) supervisor.start();
    return done;
  });

  return {
    state,
    register: (account, asked) =>
      inTurn(() =>
        registration === null
          ? during('registering', () => join(account, asked))
          : fail('not-available-here', 'This computer is registered already.'),
      ),
    start: () =>
      inTurn(() => {
        if (registration === null) return fail('not-available-here', 'This computer is not registered.');
        wish({ run: true });
        if (otherStatus === null) supervisor.start();
        return done;
      }),
    stop: () =>
      inTurn(() => {
        wish({ run: false });
        return stopAgents();
      }),
    leave: () =>
      inTurn(() => {
        const known = registration;
        return known === null ? done : during('leaving', () => leave(known, owner()));
      }),
    async endSession(sessionId) {
      if (supervisor.state.value.at === 'running') {
        supervisor.send({ type: 'end-session', session_id: sessionId });
        return done;
      }
      const account = owner();
      if (account === null) return fail('not-available-here', 'The agent is run by another program.');
      const answer = await account.call(terminals.close, { params: { session_id: sessionId } });
      return answer.ok ? done : answer;
    },
    wake: () => supervisor.send({ type: 'reconnect' }),
    async [Symbol.asyncDispose]() {
      ended.abort();
      visitors.stop();
      await inOrder(() => Promise.resolve()); // what was begun is not left half done
      await supervisor.stop();
    },
  };
}

function leftBehind({ name, agent_id: agentId, host }: Registration): Omit<Notice, 'id'> {
  return {
    level: 'warning',
    code: 'machine-left-behind',
    message: `This computer was taken away, but ${name} is still in the list of its organization, because you are not signed in there.`,
    detail: `Remove ${name} (${agentId}) on ${host} under Machines.`,
  };
}
