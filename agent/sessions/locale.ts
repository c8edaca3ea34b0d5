/** A UTF-8 locale for new shells: the one the person or the system chose where it exists, else the nearest that does. */

export interface LocaleSources {
  /** Settings in the order they count: the person's own, then the system's. */
  readonly chosen: readonly Readonly<Record<string, string>>[];
  /** What `locale -a` lists; null where that cannot be asked, and any name is taken. */
  readonly installed: readonly string[] | null;
}

const FALLBACKS = ['C.UTF-8', 'en_US.UTF-8'];

/** `LANG` always, and those `LC_…` whose locale is UTF-8 and there. Never `LC_ALL`: it would hide what the person sets later. */
export function utf8Locale({ chosen, installed }: LocaleSources): Record<string, string> {
  const names = installed === null ? null : new Map(installed.map((name) => [plain(name), name]));
  const usable = (name: string | undefined) => name !== undefined && isUtf8(name) && (names?.has(plain(name)) ?? true);
  const settings: Record<string, string> = {};
  for (const source of chosen.toReversed()) {
    for (const [name, value] of Object.entries(source)) {
      if (/^(LANG|LC_(?!ALL$)[A-Z]+)$/u.test(name) && usable(value)) settings[name] = value;
    }
  }
  const lang = settings['LANG'] ?? FALLBACKS.find(usable) ?? installed?.find(isUtf8) ?? 'C';
  return { ...settings, LANG: lang };
}

const plain = (name: string) => name.toLowerCase().replaceAll('-', '');
const isUtf8 = (name: string) => plain(name).split('@')[0]?.endsWith('.utf8') ?? false;
