/** What a tab is: the part of the layout that is kept of it. Checked when a layout comes back. */
import { z } from 'zod';

export const pages = ['machines', 'sessions', 'workstation', 'settings'] as const;
export type PageName = (typeof pages)[number];

export const tabColours = ['none', 'red', 'orange', 'green', 'blue', 'purple'] as const;
export type TabColour = (typeof tabColours)[number];

export const panelParams = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('terminal'),
    terminal: z.string(),
    /** Given by the person; else the tab is called after its machine and what runs there. */
    name: z.string().optional(),
    colour: z.enum(tabColours).optional(),
    pinned: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('page'), page: z.enum(pages) }),
  z.object({ kind: z.literal('machine'), account: z.string(), agent_id: z.string() }),
]);
export type PanelParams = z.infer<typeof panelParams>;
export type TerminalParams = PanelParams & { kind: 'terminal' };

export const pageTitles: Readonly<Record<PageName, string>> = {
  machines: 'Machines',
  sessions: 'Sessions',
  workstation: 'This workstation',
  settings: 'Settings',
};
