/** What a person's client says it is, for the lists of sessions. It is told, not proven. */
import { parse } from 'bowser';

/** `WebXTerm Desktop 1.2.0` on `Linux`; null where it does not say. */
export function clientSoftware(userAgent: string | null): {
  readonly browser: string | null;
  readonly os: string | null;
} {
  if (userAgent === null || userAgent === '') return { browser: null, os: null };
  const { browser, os } = parse(userAgent.slice(0, 512));
  const desktop = /^webxterm-desktop\/([\w.-]+)/.exec(userAgent);
  return {
    browser: desktop ? `WebXTerm Desktop ${desktop[1]}` : named(browser.name, browser.version),
    os: named(os.name, os.versionName ?? os.version),
  };
}

function named(name: string | undefined, version: string | undefined): string | null {
  return name ? [name, version].filter(Boolean).join(' ') : null;
}
