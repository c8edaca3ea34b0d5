/** Links in the output: those a program marks (OSC 8) and those that look like one. Where they really lead is shown before they are opened. */
import { WebLinksAddon } from '@xterm/addon-web-links';
import type { ILinkHandler } from '@xterm/xterm';

interface LinkParts {
  readonly open: (address: string) => void;
  /** What the pointer is on; null: nothing. */
  readonly pointed: (address: string | null) => void;
}

export interface Links {
  readonly handler: ILinkHandler;
  readonly addon: WebLinksAddon;
}

/** A plain click selects; only with Ctrl or Cmd a link is opened. */
export function createLinks({ open, pointed }: LinkParts): Links {
  const activate = (event: MouseEvent, text: string): void => {
    const address = realAddress(text);
    if (address !== null && (event.ctrlKey || event.metaKey)) open(address);
  };
  const hover = (_event: MouseEvent, text: string): void => pointed(realAddress(text));
  const leave = (): void => pointed(null);
  return {
    handler: { activate, hover, leave, allowNonHttpProtocols: false },
    addon: new WebLinksAddon(activate, { hover, leave }),
  };
}

/** As the browser will read it: a name in letters that look alike shows as what it is. Null for what is not of the web. */
export function realAddress(text: string): string | null {
  try {
    const address = new URL(text);
    return address.protocol === 'https:' || address.protocol === 'http:' ? address.href : null;
  } catch {
    return null;
  }
}
