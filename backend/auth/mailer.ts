/** Mail, handed to the operator's server by SMTP. */
import { createTransport } from 'nodemailer';
import { z } from 'zod';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}
export interface MailSettings {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  readonly smtpUrl: string;
  readonly from: string;
}
/** `problem`: for the log, with nothing of the mail in it. */
export type Sent = { readonly ok: true } | { readonly ok: false; readonly problem: MailProblem };
export type SendMail = (mail: Mail) => Promise<Sent>;

/** Somebody waits at a window meanwhile. */
const PATIENCE = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 15_000 } as const;

const mailProblem = z.object({
  code: z.string().optional(),
  command: z.string().optional(),
  responseCode: z.number().optional(),
});
export type MailProblem = z.infer<typeof mailProblem>;

export function createMailer({ smtpUrl, from }: MailSettings): SendMail {
  const transport = transportTo(smtpUrl);
  // As an object it is one address, whatever stands in it.
  return ({ to, ...content }) => tried(() => transport.sendMail({ ...content, from, to: { name: '', address: to } }));
}

/** Goes as far as a mail would: connects, encrypts and signs in, and sends nothing. */
export async function tryMailServer({ smtpUrl }: MailSettings): Promise<Sent> {
  const transport = transportTo(smtpUrl);
  const reached = await tried(() => transport.verify());
  transport.close();
  return reached;
}

function transportTo(url: string) {
  return createTransport({ url, disableFileAccess: true, disableUrlAccess: true, ...PATIENCE });
}

async function tried(work: () => Promise<unknown>): Promise<Sent> {
  try {
    await work();
    return { ok: true };
  } catch (error) {
    return { ok: false, problem: mailProblem.safeParse(error).data ?? {} };
  }
}
