/** The bundled agent as a child of this process: told by IPC messages what to do, telling by them how it is. */
import { fork } from 'node:child_process';
import { agentStatus } from '../../../protocol/agent/status.ts';
import type { AgentGiven, AgentProcess } from '../host.ts';

const keptErrorCharacters = 8000;

export interface AgentParts {
  /** dist/webxterm-agent.js */
  readonly agentFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function startAgentChild(
  { agentFile, env }: AgentParts,
  args: readonly string[],
  given: AgentGiven = {},
): AgentProcess {
  const child = fork(agentFile, args, {
    env: { ...env, ...given.env },
    execArgv: [],
    stdio: ['pipe', 'ignore', 'pipe', 'ipc'],
  });
  // An agent that ended before it read its input is told by its exit code.
  child.stdin?.on('error', () => {});
  child.stdin?.end(given.input ?? '');
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-keptErrorCharacters);
  });
  const exited = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.once('error', (error) => {
      resolve({ code: null, stderr: `${stderr}${error.message}` });
    });
    child.once('close', (code) => {
      resolve({ code, stderr });
    });
  });
  return {
    onStatus: (listener) => {
      child.on('message', (message) => {
        const status = agentStatus.safeParse(message);
        if (status.success) listener(status.data);
      });
    },
    send: (command) => {
      // Between its end and the news of it there is nobody to hear.
      if (child.connected) child.send(command, () => {});
    },
    exited,
    kill: () => {
      child.kill();
    },
  };
}
