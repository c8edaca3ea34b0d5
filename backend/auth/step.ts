/** What a sign-in comes to, its accounts proven: a token, a code by mail first, or the question which organization. */
import type { Logger } from 'pino';
import type { CodeWanted, OrganizationWanted, SignedIn } from '../../protocol/api/auth.ts';
import type { Bus } from '../bus/bus.ts';
import type { Visitor } from '../gateway/caller.ts';
import { withGroups } from '../store/group-names.ts';
import type { AuditNote, PlatformNote, PlatformStore, Refused, Writes } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { admit } from '../store/throttle.ts';
import { accountById, mostTold, tenantShape, userShape, type AccountRow } from './accounts.ts';
import { accountActor } from './actor.ts';
import type { SendMail } from './mailer.ts';
import { setChallenge } from './otp/challenge.ts';
import { codeMail } from './otp/code-mail.ts';
import type { Codes } from './otp/codes.ts';
import { wantsCode, type OtpPolicy } from './otp/policy.ts';
import { beginSignIn, bearer, signedInUntil, waitLonger, WAIT_MS, type Proof } from './sign-in.ts';
import { tenantsOf, type Destination } from './tenants.ts';
import type { Tokens } from './tokens.ts';
import type { Some } from './unusable.ts';

/** How codes are sent, and to whom they are. */
export interface Otp {
  readonly policy: OtpPolicy;
  readonly send: SendMail;
}
export interface StepParts {
  readonly platform: PlatformStore;
  readonly bus: Pick<Bus, 'publish'>;
  readonly tokens: Tokens;
  readonly codes: Codes;
  /** Null: no mail is set up, and nobody is asked for a code. */
  readonly otp: Otp | null;
  readonly publicUrl: URL | null;
  readonly log: Pick<Logger, 'error'>;
  readonly now: () => number;
  readonly newUuid: () => string;
}
/** The sign-in that takes the step. */
export interface Entering {
  readonly sid: string;
  readonly visitor: Visitor;
  /** How it came here, for the audit. */
  readonly by: NonNullable<AuditNote['detail']>;
}
interface Notes {
  readonly audit: PlatformNote;
  readonly alsoAudit?: readonly PlatformNote[];
}
export interface Step<B> {
  /** In the transaction that brings the sign-in there. */
  write(tx: Writes<Tables>): Promise<Notes>;
  /** Once that is committed. */
  answer(): Promise<{ readonly status: 200; readonly body: B } | Refused>;
}
type Taken<B> = Promise<{ readonly status: 200; readonly body: B } | Refused>;

const WAIT_MIN = WAIT_MS / 60_000;

/** What has to hold, and to be written, for a step to be taken; and what else the audit says of it. */
type Before = (tx: Writes<Tables>) => Promise<Refused | readonly PlatformNote[]>;

export async function take<B>(
  { platform }: Pick<StepParts, 'platform'>,
  step: Step<B> | Refused,
  before: Before,
): Taken<B> {
  if ('refuse' in step) return step;
  const written = await platform.write(async (tx) => {
    const done = await before(tx);
    if ('refuse' in done) return done;
    const { audit, alsoAudit = [] } = await step.write(tx);
    return { value: null, audit, alsoAudit: [...alsoAudit, ...done] };
  });
  return 'refuse' in written ? written : step.answer();
}

interface Proven<B> {
  readonly accounts: Some<AccountRow>;
  readonly proof: Proof;
  readonly visitor: Visitor;
  readonly by: Entering['by'];
  /** The step of a single account. */
  single(account: AccountRow, entering: Entering): Promise<Step<B> | Refused> | Step<B>;
  /** What else is written when the sign-in begins. */
  readonly also: Before;
}

/** Begins a sign-in: a single account goes on, of several one has to be chosen. */
export async function enter<B>(parts: StepParts, proven: Proven<B>): Taken<B | OrganizationWanted> {
  const { accounts, proof, visitor, by } = proven;
  const [first, ...more] = accounts;
  const entering = { sid: parts.newUuid(), visitor, by };
  const step: Step<B | OrganizationWanted> | Refused =
    more.length > 0 ? choiceStep(parts, accounts, entering) : await proven.single(first, entering);
  return take(parts, step, async (tx) => {
    await beginSignIn(tx, accounts, { sid: entering.sid, visitor, proof, now: parts.now() });
    return proven.also(tx);
  });
}

/** A code first, where the policy wants one. */
export async function codeOrToken(
  parts: StepParts,
  to: Destination,
  entering: Entering,
): Promise<Step<CodeWanted | SignedIn> | Refused> {
  const { otp } = parts;
  return otp && wantsCode(otp.policy, entering.visitor.source)
    ? codeStep(parts, otp, to, entering)
    : tokenStep(parts, to, entering);
}

export function tokenStep(parts: StepParts, { account, place }: Destination, entering: Entering): Step<SignedIn> {
  const { platform, bus, tokens, now } = parts;
  const { sid, visitor, by } = entering;
  const until = now() + tokens.lifetimeS * 1000;
  return {
    async write(tx) {
      await signedInUntil(tx, sid, until);
      const at = new Date(now()).toISOString();
      await tx.updateTable('users').set({ last_login_at: at }).where('id', '=', account.id).execute();
      const note = { ...noteOf(account, visitor), action: 'login', detail: { ...by, sign_in_id: sid } };
      if (place.id === account.organization_id) return { audit: note };
      // A super admin comes in: both sides know.
      const there = { ...note, organizationId: place.id };
      return { audit: { ...note, detail: { ...note.detail, tenant_id: place.slug } }, alsoAudit: [there] };
    },
    async answer() {
      bus.publish('sign-in.extended', { signInId: sid, expiresAt: new Date(until).toISOString() });
      // What was just written of it is to be seen.
      const fresh = (await accountById(platform.read, account.id)) ?? account;
      const { id: organization_id, slug, display_name } = place;
      const seen = await withGroups(platform.read, { ...fresh, organization_id, slug, display_name });
      return {
        status: 200,
        body: {
          token: await tokens.sign(bearer(seen, visitor.source, sid)),
          user: userShape(seen, seen),
          expires_in: tokens.lifetimeS,
          session_token: await tokens.signSession(sid, 'select-tenant'),
          available_tenants: await tenantsOf(platform.read, sid, now()),
        },
      };
    },
  };
}

export async function codeStep(
  parts: StepParts,
  otp: Otp,
  to: Destination,
  entering: Entering,
): Promise<Step<CodeWanted> | Refused> {
  const { platform, codes, tokens, now } = parts;
  const { account, place } = to;
  const { sid, visitor, by } = entering;
  const admitted = await admit(platform, { mail: account.id }, now());
  if (!admitted.ok) return { refuse: { code: 'slow-down', retryAfterS: admitted.retryAfterS } };
  const code = codes.make();
  return {
    async write(tx) {
      await waitLonger(tx, sid, now() + WAIT_MS);
      const challenge = {
        signInId: sid,
        userId: account.id,
        organizationId: place.id,
        codeHash: codes.hash(sid, code),
      };
      await setChallenge(tx, challenge, now());
      return { audit: { ...noteOf(account, visitor), action: 'otp_challenge', detail: { ...by, sign_in_id: sid } } };
    },
    async answer() {
      const sent = await otp.send(mailFor(parts, to, { code, visitor }));
      if (!sent.ok) return mailFailed(parts, account, { visitor, problem: sent.problem });
      return {
        status: 200,
        body: {
          message: 'A code was sent to your email address.',
          requires_otp: true,
          username: account.username,
          tenants: [tenantShape(account, place)],
          session_token: await tokens.signSession(sid, 'verify-otp'),
          otp_expires_in_min: WAIT_MIN,
        },
      };
    },
  };
}

/** Remembers what was proven. A token comes once an organization is chosen. */
function choiceStep(parts: StepParts, accounts: Some<AccountRow>, entering: Entering): Step<OrganizationWanted> {
  const { sid, visitor, by } = entering;
  const note = (account: AccountRow): PlatformNote => ({
    ...noteOf(account, visitor),
    action: 'login_pending',
    detail: { ...by, sign_in_id: sid, waits_for: 'organization' },
  });
  const [first, ...more] = accounts;
  return {
    write: () => Promise.resolve({ audit: note(first), alsoAudit: mostTold(more).map(note) }),
    answer: async () => ({
      status: 200,
      body: {
        requires_tenant_selection: true,
        tenants: accounts.map((account) => tenantShape(account)),
        session_token: await parts.tokens.signSession(sid, 'select-tenant'),
      },
    }),
  };
}

function mailFor(
  { publicUrl, now }: Pick<StepParts, 'publicUrl' | 'now'>,
  { account, place }: Destination,
  { code, visitor }: { readonly code: string; readonly visitor: Visitor },
) {
  const { email: to, username } = account;
  const { address, source, host } = visitor;
  const server = publicUrl?.host ?? host;
  const about = { username, tenantId: place.slug, server, address, source, at: new Date(now()), minutes: WAIT_MIN };
  return codeMail({ to, code, ...about });
}

async function mailFailed(
  { platform, log }: Pick<StepParts, 'platform' | 'log'>,
  account: AccountRow,
  { visitor, problem }: { readonly visitor: Visitor; readonly problem: object },
): Promise<Refused> {
  log.error({ request_id: visitor.requestId, user_id: account.id, problem }, 'a mail with a code could not be sent');
  const audit = { ...noteOf(account, visitor), action: 'otp_mail_failed', status: 'failure' } as const;
  await platform.write(() => Promise.resolve({ value: null, audit }));
  return { refuse: { code: 'mail-failed' } };
}

function noteOf(account: AccountRow, visitor: Visitor) {
  return { resource: account.id, organizationId: account.organization_id, actor: accountActor(account, visitor) };
}
