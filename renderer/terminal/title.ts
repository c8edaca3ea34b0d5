/** What a tab is called by what runs in it: the title a program set, else the directory the shell told. */

const MAX_TITLE = 200;

/** Told to the tab: no control characters, nothing invisible, not too long. */
export function cleanTitle(title: string): string {
  return title
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_TITLE);
}

/** The path of an OSC 7 address such as `file://host/home/ada`; null when it is none. */
export function directoryOf(address: string): string | null {
  if (!address.startsWith('file://')) return null;
  try {
    return decodeURIComponent(new URL(address).pathname);
  } catch {
    return null;
  }
}

export interface Titles {
  titled(title: string): void;
  entered(address: string): void;
}

/** `tell` is called when the name changes. */
export function createTitles(tell: (title: string) => void): Titles {
  let title = '';
  let directory = '';
  let told = '';
  const changed = (): void => {
    const name = title === '' ? directory : title;
    if (name === told || name === '') return;
    told = name;
    tell(name);
  };
  return {
    titled(next) {
      title = cleanTitle(next);
      changed();
    },
    entered(address) {
      directory = cleanTitle(directoryOf(address) ?? directory);
      changed();
    },
  };
}
