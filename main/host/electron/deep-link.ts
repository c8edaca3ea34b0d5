/** `webxterm://` links. Any web page can offer one, so it only leads somewhere: it starts, changes and ends nothing. */
import { agentId } from '../../../protocol/api/values.ts';
import { hostActions, linkedPages } from '../../../protocol/bridge/actions.ts';

export const linkScheme = 'webxterm';

/**
 * The action of `webxterm://<page>` or `webxterm://machines/<agent id>`.
 * @returns null for what is none
 */
export function actionOfLink(link: string): string | null {
  const [, host, machine] = /^webxterm:\/\/([a-z]+)(?:\/([^/]+))?\/?$/u.exec(link) ?? [];
  if (machine === undefined) {
    const page = linkedPages.find((name) => name === host);
    return page ? hostActions.page(page) : null;
  }
  const agent = agentId.safeParse(machine);
  return host === 'machines' && agent.success ? hostActions.machine(agent.data) : null;
}

/** The link among a program's arguments: Windows and Linux give it there. */
export const linkAmong = (args: readonly string[]) => args.find((arg) => arg.startsWith(`${linkScheme}://`)) ?? null;
