/** How requests come into the machine service: with an assertion of the auth service, or not at all. */
import { wantsMember } from './authorize.ts';
import { plain } from './address.ts';
import { ASSERTION, type Vouched, type Verifier } from './assertion.ts';
import { userAgentOf } from './border.ts';
import type { Visitor } from './caller.ts';
import { isProbe, type Admitted, type Door, type Knock } from './door.ts';
import type { Recognize } from './identify.ts';

interface Parts {
  readonly verifier: Pick<Verifier, 'check'>;
  readonly recognize: Recognize;
  readonly isStopping: () => boolean;
}

/** Border and rates were the auth service's to check; rights are read from the store here, whatever it found before. */
export function createVouchedDoor({ verifier, recognize, isStopping }: Parts): Door {
  return async (row, knock) => {
    if (isProbe(row)) return { visitor: strangerAt(knock), member: null, refuse: null };
    const assertion = knock.headers[ASSERTION];
    const vouched = typeof assertion === 'string' ? await verifier.check(assertion, knock) : null;
    if (!vouched) return { visitor: strangerAt(knock), member: null, refuse: { code: 'not-vouched' } };
    const visitor = { ...vouched.visitor, userAgent: userAgentOf(knock.headers) };
    if (isStopping()) return { visitor, member: null, refuse: { code: 'not-ready' } };
    return row && wantsMember(row, vouched.bearer !== null)
      ? admit(vouched, visitor)
      : { visitor, member: null, refuse: null };
  };

  async function admit({ bearer }: Vouched, visitor: Visitor): Promise<Admitted> {
    if (!bearer) return { visitor, member: null, refuse: { code: 'not-signed-in' } };
    const recognized = await recognize(bearer, visitor);
    if (!recognized.ok) return { visitor, member: null, refuse: { code: recognized.code } };
    const { member } = recognized;
    // It was let into one organization and acts in another now: it is to ask again.
    if (member.account.organizationId !== bearer.organization_id) {
      return { visitor, member: null, refuse: { code: 'not-vouched' } };
    }
    return { visitor, member, refuse: null };
  }
}

/** Whoever reached this port: for the log. */
function strangerAt({ requestId, socketAddress, headers }: Knock): Visitor {
  return { requestId, address: plain(socketAddress), userAgent: userAgentOf(headers), source: 'cli', host: '' };
}
