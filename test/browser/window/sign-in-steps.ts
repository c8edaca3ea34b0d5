/** A sign-in that has come to one of its steps, as the main process tells of it. */
import type { Page } from '@playwright/test';

interface CodeWish {
  readonly goodForS?: number;
  readonly resendInS?: number;
  readonly usedUp?: boolean;
}

/** `000000` is wrong; another code can be sent. */
export async function atCode(page: Page, wish: CodeWish = {}): Promise<void> {
  await page.evaluate(({ goodForS = 600, resendInS = 0, usedUp = false }) => {
    const { bridge } = window.stage.desktop;
    const [expires_at = '', resend_at = ''] = [goodForS, resendInS].map((s) =>
      new Date(Date.now() + s * 1000).toISOString(),
    );
    const of = { sign_in: 's', email: 'maria@acme.example', organization: 'Acme', used_up: usedUp };
    const step = { ...of, at: 'code' as const, expires_at, resend_at };
    bridge.answer('sign-in.code', ({ code }) =>
      code === '000000'
        ? { ok: false, failure: { code: 'code-wrong', message: 'This code is not right, or no longer good.' } }
        : { ok: true, value: step },
    );
    bridge.answer('sign-in.resend', () => ({ ok: true, value: step }));
    bridge.tell('sign-in.changed', step);
  }, wish);
  await page.getByRole('heading', { name: 'Enter the code' }).waitFor();
}

export async function atOrganization(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { bridge } = window.stage.desktop;
    const organizations = ['Acme', 'Harbour', 'Analytical Engines of the North and South'].map((name) => ({
      tenant_id: name.toLowerCase(),
      name,
      username: `maria-${name.slice(0, 3).toLowerCase()}`,
    }));
    const step = { sign_in: 's', at: 'organization' as const, organizations };
    bridge.answer('sign-in.choose', () => ({ ok: true, value: step }));
    bridge.tell('sign-in.changed', step);
  });
  await page.getByRole('heading', { name: 'Choose an organization' }).waitFor();
}

/** The server offers both providers; the person chose GitHub. */
export async function atBrowser(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { bridge } = window.stage.desktop;
    bridge.answer('servers.check', ({ address }) => ({
      ok: true,
      value: { address, version: '0.1.0', encrypted: true, local: false, providers: ['microsoft', 'github'] },
    }));
    bridge.answer('accounts.sign-in-by', ({ provider }) => {
      const step = { sign_in: 's', at: 'browser' as const, provider };
      bridge.tell('sign-in.changed', step);
      return { ok: true, value: step };
    });
  });
  await page.getByLabel('Server address').fill('');
  await page.getByLabel('Server address').fill('terminals.acme.example');
  await page.getByRole('button', { name: 'Sign in with GitHub' }).click();
  await page.getByRole('heading', { name: 'Finish in your browser' }).waitFor();
}
