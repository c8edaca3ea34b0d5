/**
 * The process that started this agent, when it left a channel for messages: it hears how the agent is, and may tell it what to
 * do. When the channel closes the parent is gone, and the agent ends too: a desktop leaves nothing running.
 */
import process from 'node:process';
import { agentCommand, type AgentCommand, type AgentStatus } from '../protocol/agent/status.ts';

export interface Parent {
  readonly tell: (status: AgentStatus) => void;
  /** What was said before is heard now. */
  readonly listen: (listener: ParentListener) => void;
  /** Lets this process end. */
  readonly leave: () => void;
}
export interface ParentListener {
  readonly command: (command: AgentCommand) => void;
  readonly gone: () => void;
}

/** Null when nobody listens: started from a command line or by a service manager. */
export function findParent(): Parent | null {
  const send = process.send?.bind(process);
  if (send === undefined) return null;
  const until = new AbortController();
  return {
    tell: (status) => {
      send(status, undefined, {}, () => undefined); // a parent that is just leaving need not hear it
    },
    listen: ({ command, gone }) => {
      const hear = (message: unknown) => {
        const parsed = agentCommand.safeParse(message);
        if (parsed.success) command(parsed.data); // anything else is not for this agent
      };
      process.on('message', hear);
      process.once('disconnect', gone);
      if (!process.connected) gone(); // before this agent could listen
      until.signal.addEventListener('abort', () => {
        process.off('message', hear);
        process.off('disconnect', gone);
      });
    },
    leave: () => {
      until.abort();
      if (process.connected) process.disconnect();
    },
  };
}
