/** A window of a test: the real bridge of the window on one side, the core on the other, every message copied as both hosts do. */
import type { ConnectWindow } from '../../../main/host/host.ts';
import type { Bridge } from '../../../protocol/bridge/bridge.ts';
import type { EventName, EventOf } from '../../../protocol/bridge/events.ts';
import type { MainMessage } from '../../../protocol/bridge/messages.ts';
import type { Carrier } from '../../../renderer/app/bridge/carrier.ts';
import { createWindowBridge } from '../../../renderer/app/bridge/window-bridge.ts';
import { terminalCarrier } from './carrier.ts';

export interface TestWindow extends Bridge {
  /** The newest of an event that tells whole states. */
  latest<N extends EventName>(name: N): EventOf<N> | undefined;
  /** Every one since the window opened. */
  heard<N extends EventName>(name: N): readonly EventOf<N>[];
  close(): void;
}
/** Subscribes to everything, as a window that shows everything would. */
export function connectWindow(connect: ConnectWindow): TestWindow {
  let hear: ((message: unknown) => void) | null = null;
  const core = connect((message: MainMessage) => {
    const carried: unknown = structuredClone(message); // as both hosts do
    queueMicrotask(() => hear?.(carried));
  });
  const carrier: Carrier = {
    send: (message) => core.receive(structuredClone(message)),
    onMessage(listener) {
      hear = listener;
    },
    onConnection: (listener) => listener(true),
    openTerminal(terminal) {
      const { near, far } = terminalCarrier();
      core.openTerminal(terminal, far);
      return near;
    },
  };
  const bridge = createWindowBridge(carrier);
  const all = new Map<EventName, unknown[]>();
  const listenTo = <N extends EventName>(name: N): EventOf<N>[] => {
    const heard: EventOf<N>[] = [];
    all.set(name, heard);
    bridge.on(name, (event) => heard.push(event));
    return heard;
  };
  const events: { readonly [N in EventName]: EventOf<N>[] } = {
    'accounts.changed': listenTo('accounts.changed'),
    'sign-in.changed': listenTo('sign-in.changed'),
    'machines.changed': listenTo('machines.changed'),
    'sessions.changed': listenTo('sessions.changed'),
    'terminals.changed': listenTo('terminals.changed'),
    'workstation.changed': listenTo('workstation.changed'),
    'settings.changed': listenTo('settings.changed'),
    'notices.changed': listenTo('notices.changed'),
    'actions.requested': listenTo('actions.requested'),
  };
  return {
    ...bridge,
    latest: (name) => events[name].at(-1),
    heard: (name) => events[name],
    close: () => core.close(),
  };
}
