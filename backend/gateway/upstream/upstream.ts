/** The machine service as the auth service sees it: what belongs to it is handed on while their link stands. */
import { createDial, type DialParts } from './dial.ts';
import { forwardRequest, type Answer, type ForwardedRequest } from './forward-request.ts';
import { forwardUpgrade, type ForwardedTo, type ForwardedUpgrade } from './forward-upgrade.ts';
import type { Refusal } from '../../../protocol/api/row.ts';

export interface Upstream extends Disposable {
  request(forwarded: ForwardedRequest): Promise<Answer | { readonly refuse: Refusal }>;
  upgrade(forwarded: ForwardedUpgrade): Promise<ForwardedTo>;
}
export interface UpstreamParts extends DialParts {
  /** Whether the machine service has proven itself, and hears of revocations. */
  readonly isLinked: () => boolean;
}

export function createUpstream({ isLinked, ...parts }: UpstreamParts): Upstream {
  const dial = createDial(parts);
  const unavailable = { refuse: { code: 'service-unavailable' } } as const;
  return {
    request: async (forwarded) => (isLinked() ? forwardRequest(dial, forwarded) : unavailable),
    upgrade: async (forwarded) => (isLinked() ? forwardUpgrade(dial, forwarded) : unavailable),
    [Symbol.dispose]: () => dial[Symbol.dispose](),
  };
}
