/** Every page and state by axe, in both themes; and nothing lost at 200 %. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { atBrowser, atCode, atOrganization } from './sign-in-steps.ts';
import { goTo, openTerminal, signedIn, test } from './windows.ts';

/** Of what is good practice and no more: a terminal has no heading, and menus stand outside of landmarks. */
const notHere = ['page-has-heading-one', 'region'];

/** What axe finds on the page as it is, beside what is drawn of a terminal's screen. */
async function findings(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).exclude('.xterm').disableRules(notHere).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

const showPage = async (page: Page, name: string): Promise<void> => {
  await goTo(page, name);
  await page.getByRole('heading', { name, level: 1 }).waitFor();
};

const views: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  machines: (page) => showPage(page, 'Machines'),
  sessions: (page) => showPage(page, 'Sessions'),
  'this workstation': async (page) => {
    await showPage(page, 'This workstation');
    await page.getByRole('switch').click();
    await page.getByLabel('Name').waitFor();
  },
  settings: (page) => showPage(page, 'Settings'),
  'one machine': async (page) => {
    await page.getByRole('row', { name: 'cache-1' }).dblclick();
    await page.getByRole('heading', { name: 'cache-1', level: 1 }).waitFor();
  },
  'a terminal': (page) => openTerminal(page, 'web-1'),
  'the palette': async (page) => {
    await page.keyboard.press('Control+K');
    await page.getByRole('combobox').waitFor();
  },
  'adding a machine': async (page) => {
    await page.getByRole('main').getByRole('button', { name: 'Add machine' }).click();
    await page.getByLabel('Name').fill('gpu-1');
    await page.keyboard.press('Enter');
    await page.getByText('Waiting for gpu-1…').waitFor();
  },
  'a menu': async (page) => {
    await page.getByRole('button', { name: 'More for web-1', exact: true }).click();
    await page.getByRole('menu').waitFor();
  },
  'a list that is not live': async (page) => {
    await page.evaluate(() => {
      const { desktop, samples } = window.stage;
      const failure = { code: 'refused' as const, message: 'Nothing answers at this port.' };
      desktop.setAccount({ state: 'offline', failure });
      const event = samples.machinesEvent([], { replace: false, load: 'stale', as_of: new Date().toISOString() });
      desktop.bridge.tellOnce('machines.changed', event);
      const notice = { id: 'k', level: 'warning' as const, code: 'keychain', message: 'There is no keychain.' };
      desktop.bridge.tell('notices.changed', [notice]);
    });
    await page.getByRole('main').getByText('Last known').waitFor();
  },
};

for (const theme of ['light', 'dark'] as const)
  test.describe(theme, () => {
    test.use({ colorScheme: theme, contextOptions: { reducedMotion: 'reduce' } });

    test('signing in, with what went wrong', async ({ empty: page }) => {
      expect(await findings(page)).toEqual([]);
      await page.getByLabel('Server address').fill('nowhere.example');
      await page.getByText('No server has this name').waitFor();
      expect(await findings(page)).toEqual([]);
    });
    test('the steps of signing in', async ({ empty: page }) => {
      await atBrowser(page);
      expect(await findings(page), 'the browser').toEqual([]);
      await atOrganization(page);
      expect(await findings(page), 'the organization').toEqual([]);
      await atCode(page, { resendInS: 30 });
      await page.keyboard.type('000000');
      await page.getByText('This code is not right').waitFor();
      expect(await findings(page), 'the code').toEqual([]);
      await atCode(page, { usedUp: true });
      expect(await findings(page), 'a code that is used up').toEqual([]);
    });
    for (const [name, show] of Object.entries(views))
      test(name, async ({ window: page }) => {
        await show(page);
        expect(await findings(page)).toEqual([]);
      });
  });

test('at 200 % nothing is cut off: pages scroll, and their buttons are there', async ({ empty: page }) => {
  await page.setViewportSize({ width: 640, height: 400 });
  await signedIn(page);
  await expect(page.getByRole('complementary', { name: 'Machine list' })).toBeHidden();
  for (const name of ['Machines', 'Sessions', 'This workstation', 'Settings']) {
    await goTo(page, name);
    await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
    const tooWide = await page.evaluate(() =>
      [...document.querySelectorAll('.ui-page, .ui-page-body, .status-bar, .shell')]
        .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
        .map((element) => element.className),
    );
    expect(tooWide, name).toEqual([]);
  }
  await goTo(page, 'Machines');
  await page.getByRole('main').getByRole('button', { name: 'Add machine' }).click();
  await expect(page.getByRole('button', { name: 'Continue' })).toBeInViewport();
});

test('a result is read out, by one live region', async ({ window: page }) => {
  await openTerminal(page, 'web-1');
  await page.keyboard.press('Control+Shift+W');
  await expect(
    page
      .getByRole('dialog')
      .or(page.locator('[aria-live], [role="status"], [role="alert"]'))
      .filter({ hasText: 'Closed web-1' })
      .first(),
  ).toBeAttached();
});
