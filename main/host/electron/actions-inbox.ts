/** Actions asked for before the window is there to hear them: the last one waits for it. */
import { windowMessage } from '../../../protocol/bridge/messages.ts';
import type { ConnectWindow } from '../host.ts';

export interface ActionsInbox {
  /** The core's, watched for the window that listens to actions. */
  readonly connectWindow: ConnectWindow;
  readonly request: (action: string) => void;
}

/** @param deliver tells every window that listens */
export function createActionsInbox(connectWindow: ConnectWindow, deliver: (action: string) => void): ActionsInbox {
  const listening = new Set<object>();
  let waiting: string | null = null;
  return {
    connectWindow: (send) => {
      const connection = connectWindow(send);
      return {
        openTerminal: (terminal, port) => {
          connection.openTerminal(terminal, port);
        },
        receive: (message) => {
          connection.receive(message);
          const { data } = windowMessage.safeParse(message);
          if (data?.type !== 'subscribe' || data.name !== 'actions.requested') return;
          listening.add(connection);
          if (waiting !== null) deliver(waiting);
          waiting = null;
        },
        close: () => {
          listening.delete(connection);
          connection.close();
        },
      };
    },
    request: (action) => {
      if (listening.size > 0) deliver(action);
      else waiting = action;
    },
  };
}
