/** What a menu, the tray or a link of the host may ask the window for: the ids of `actions.requested`. */

export const linkedPages = ['machines', 'sessions', 'workstation', 'settings'] as const;
export type LinkedPage = (typeof linkedPages)[number];

const machineAction = 'machine.show:';

export const hostActions = {
  palette: 'palette.open',
  page: (page: LinkedPage) => `page.${page}`,
  machine: (agentId: string) => `${machineAction}${agentId}`,
} as const;

/** The machine an action asks for; null when it asks for something else. */
export const machineOf = (action: string) =>
  action.startsWith(machineAction) ? action.slice(machineAction.length) : null;
