/** How long to wait before a server is tried again. */
import type { Failure } from '../../../protocol/bridge/failure.ts';

/** What a server asks for beyond this is not believed. */
const MOST_MS = 10 * 60_000;

/** The usual wait, or longer where the server asked for it. In ms. */
export function waitBefore(failure: Failure, usualMs: number): number {
  return Math.max(usualMs, Math.min((failure.retry_after_s ?? 0) * 1000, MOST_MS));
}
