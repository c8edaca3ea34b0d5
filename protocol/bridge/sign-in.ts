/** A sign-in on its way, as a window sees it: what is asked for now. What the server gave to go on with stays in the main process. */
import { z } from 'zod';
import { provider, time } from '../api/values.ts';
import { failure } from './failure.ts';
import { accountId, signInId } from './ids.ts';

/** An organization that a sign-in reaches, and who one is there. */
export const organization = z.object({ tenant_id: z.string(), name: z.string(), username: z.string() });
export type Organization = z.infer<typeof organization>;

const ofSignIn = z.object({ sign_in: signInId });

export const signIn = z.discriminatedUnion('at', [
  /** The person goes on in the browser, where the provider is asked. */
  ofSignIn.extend({ at: z.literal('browser'), provider }),
  ofSignIn.extend({ at: z.literal('organization'), organizations: z.array(organization) }),
  /** A code was sent by mail. */
  ofSignIn.extend({
    at: z.literal('code'),
    /** Where to; null: to the address of the account, whatever it is. */
    email: z.string().nullable(),
    organization: z.string(),
    expires_at: time,
    /** Another may be asked for from then on. */
    resend_at: time,
    /** No try at this one is left. */
    used_up: z.boolean(),
  }),
  ofSignIn.extend({ at: z.literal('signed-in'), account: accountId }),
  /** Nothing goes on from here: it has to be begun again. */
  ofSignIn.extend({ at: z.literal('over'), failure }),
]);
export type SignIn = z.infer<typeof signIn>;
