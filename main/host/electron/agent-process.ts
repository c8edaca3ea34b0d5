/** The bundled agent in a utility process: Electron's own Node, without letting Electron be started as Node. */
import { agentStatus, type AgentCommand } from '../../../protocol/agent/status.ts';
import type { AgentGiven, AgentProcess } from '../host.ts';

/** First message to the utility process: it has no standard input, so what stands there comes this way. */
export interface AgentInput {
  readonly type: 'input';
  readonly input: string;
}

/** What is used of Electron's UtilityProcess. */
export interface Utility {
  readonly stderr: { on(event: 'data', listener: (chunk: Buffer) => void): unknown } | null;
  postMessage(message: AgentInput | AgentCommand, transfer: []): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'exit', listener: (code: number) => void): unknown;
  kill(): boolean;
}
export interface UtilityParts {
  readonly fork: (
    file: string,
    args: string[],
    options: { env: Record<string, string>; stdio: ['ignore', 'ignore', 'pipe']; serviceName: string },
  ) => Utility;
  /** dist/electron/agent.js */
  readonly entryFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const keptErrorCharacters = 8000;

export function startAgentUtility(
  { fork, entryFile, env }: UtilityParts,
  args: readonly string[],
  given: AgentGiven = {},
): AgentProcess {
  const utility = fork(entryFile, [...args], {
    env: { ...defined(env), ...given.env },
    stdio: ['ignore', 'ignore', 'pipe'],
    serviceName: 'WebXTerm agent',
  });
  let running = true;
  let stderr = '';
  utility.stderr?.on('data', (chunk) => {
    stderr = (stderr + chunk.toString()).slice(-keptErrorCharacters);
  });
  const exited = new Promise<{ code: number; stderr: string }>((resolve) => {
    utility.once('exit', (code) => {
      running = false;
      resolve({ code, stderr });
    });
  });
  utility.postMessage({ type: 'input', input: given.input ?? '' }, []);
  return {
    onStatus: (listener) => {
      utility.on('message', (message) => {
        const status = agentStatus.safeParse(message);
        if (status.success) listener(status.data);
      });
    },
    send: (command) => {
      if (running) utility.postMessage(command, []);
    },
    exited,
    kill: () => {
      utility.kill();
    },
  };
}

function defined(env: UtilityParts['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
