/** Where people sign in with a Microsoft account: whether it tells about itself what signing in needs. */
import { discover, type MicrosoftSettings } from '../auth/providers/microsoft.ts';
import { failed, ok, type Finding } from './finding.ts';

export async function examineMicrosoft(settings: MicrosoftSettings): Promise<Finding> {
  const check = 'Microsoft';
  const { issuer } = settings;
  try {
    await discover(settings);
    return ok(check, `${issuer.href} answers.`);
  } catch (error) {
    const says = error instanceof Error ? error.message : 'no reason told';
    return failed(
      check,
      `${issuer.href} does not tell how to sign in there (${says}).`,
      'Check MICROSOFT_ISSUER, and that this server reaches it; meanwhile people sign in with their passwords.',
    );
  }
}
