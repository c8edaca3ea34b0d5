/** The address a browser came back to from a provider, made again from what was parsed of it. */
import type { ComeBack } from './provider.ts';

/** Seconds a provider has to answer each question: somebody waits at a window meanwhile. */
export const PROVIDER_PATIENCE_S = 10;

export function addressOf(redirectUri: string, { code, state, iss }: ComeBack): URL {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries({ code, state, iss })) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url;
}
