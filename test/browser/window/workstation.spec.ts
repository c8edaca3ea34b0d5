/** This computer as a machine: registering, how its agent is connected, who is on it. */
import { expect, type Page } from '@playwright/test';
import type { AgentStatus } from '../../../protocol/agent/status.ts';
import type { Workstation } from '../../../protocol/bridge/events.ts';
import { asked, goTo, test } from './windows.ts';

const running = (link: AgentStatus['link'], sessions: AgentStatus['sessions'] = []): Partial<Workstation> => ({
  state: 'running',
  run_by: 'desktop',
  account: 'acme',
  host: 'terminals.acme.example',
  agent_id: 'agent-1',
  name: 'maria-laptop',
  status: {
    type: 'status',
    pid: 7,
    version: '0.1.0',
    host: 'terminals.acme.example',
    agent_id: 'agent-1',
    name: 'maria-laptop',
    link,
    sessions,
    updated_at: '2026-11-24T10:00:00Z',
  },
});
const online: AgentStatus['link'] = { at: 'online', since: '2026-11-24T10:00:00Z', latency_ms: 4 };
const jonas = {
  session_id: 's1',
  username: 'jonas',
  source: 'desktop',
  machine_role: 'sudo' as const,
  started_at: '2026-11-24T10:00:00Z',
  attached: true,
};
const tell = (page: Page, state: Partial<Workstation>): Promise<void> =>
  page.evaluate((change) => {
    const { desktop, samples } = window.stage;
    desktop.bridge.tell('workstation.changed', samples.sampleWorkstation(change));
  }, state);
const theSwitch = (page: Page) =>
  page.getByRole('switch', { name: 'Let granted people open terminals on this computer' });

test.beforeEach(async ({ window: page }) => {
  await page.evaluate(() => {
    const { bridge } = window.stage.desktop;
    for (const name of [
      'workstation.register',
      'workstation.stop',
      'workstation.leave',
      'workstation.end-session',
    ] as const)
      bridge.answer(name, () => ({ ok: true, value: null }));
  });
  await goTo(page, 'This workstation');
});

test('one switch asks for the name and whether sudo is allowed, and registers', async ({ window: page }) => {
  await theSwitch(page).click();
  await expect(page.getByLabel('Name')).toHaveValue('maria-laptop');
  await page.getByLabel('Name').fill('my laptop');
  await page.getByRole('switch', { name: 'Allow sudo' }).click();
  await page.getByRole('button', { name: 'Register this computer' }).click();
  expect(await asked(page, 'workstation.register')).toEqual([{ account: 'acme', name: 'my laptop', allow_sudo: true }]);
});

test('it says how registering failed, and what to do', async ({ window: page }) => {
  await tell(page, { failure: { code: 'agent-failed', message: 'The agent did not start.', detail: 'exit code 3' } });
  await expect(page.getByRole('alert').filter({ hasText: 'The agent did not start.' })).toBeVisible();
  await page.getByText('Details').click();
  await expect(page.getByText('exit code 3')).toBeVisible();
});

test('where the agent cannot connect, the step that fails and the next try are shown (why is it offline?)', async ({
  window: page,
}) => {
  const next = new Date(Date.now() + 90_000).toISOString();
  await tell(
    page,
    running({
      at: 'waiting',
      next_try_at: next,
      failed_step: 'tls',
      code: 'tls-untrusted',
      message: 'The certificate is not trusted.',
    }),
  );
  await expect(page.getByRole('status').filter({ hasText: 'The certificate is not trusted.' })).toContainText(
    'Next try in 2 min',
  );
  await expect(page.getByRole('list', { name: 'Steps of connecting' }).getByRole('listitem')).toHaveText([
    'Find the server: passed',
    'Reach it: passed',
    'Encrypt: failed',
    'Be answered: not reached',
    'Agree on a version: not reached',
    'Be let in: not reached',
  ]);
});

test('whoever is on this computer is shown on every page, and can be sent away at once', async ({ window: page }) => {
  await tell(page, running(online, [jonas]));
  await goTo(page, 'Machines');
  await page.getByRole('button', { name: 'jonas is on this computer' }).click();
  await page.getByRole('button', { name: 'End the session of jonas now' }).click();
  expect(await asked(page, 'workstation.end-session')).toEqual([{ session_id: 's1' }]);
});

test('the switch stops the agent, and leaving asks first', async ({ window: page }) => {
  await tell(page, running(online));
  await theSwitch(page).click();
  expect(await asked(page, 'workstation.stop')).toHaveLength(1);
  await page.getByRole('button', { name: 'Leave…' }).click();
  expect(await asked(page, 'workstation.leave')).toHaveLength(0);
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  expect(await asked(page, 'workstation.leave')).toHaveLength(1);
});

test('an agent that another program runs is shown, and left to it', async ({ window: page }) => {
  await tell(page, { ...running(online), run_by: 'other' });
  await expect(page.getByText('Another program of this computer')).toBeVisible();
  await expect(theSwitch(page)).toBeDisabled();
});
