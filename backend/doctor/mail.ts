/** The mail server that codes are sent by: it is reached, encrypts and knows this server, as if a mail were sent. */
import { tryMailServer, type MailSettings } from '../auth/mailer.ts';
import { failed, ok, type Finding } from './finding.ts';

export async function examineMail(mail: MailSettings): Promise<Finding> {
  const check = 'mail';
  const { host } = new URL(mail.smtpUrl);
  const reached = await tryMailServer(mail);
  if (reached.ok) return ok(check, `${host} takes mail from here.`);
  const { code = 'no reason told', responseCode } = reached.problem;
  if (code === 'EAUTH')
    return failed(
      check,
      `${host} does not let this server sign in${responseCode === undefined ? '' : ` (${responseCode})`}.`,
      'Check the user and the password in SMTP_URL; what is no letter or digit is written as %40 and the like.',
    );
  return failed(
    check,
    `${host} does not answer as a mail server (${code}): nobody who is asked for a code gets one.`,
    'Check host and port of SMTP_URL, its certificate and the firewall: smtps:// for TLS from the start, smtp:// else.',
  );
}
