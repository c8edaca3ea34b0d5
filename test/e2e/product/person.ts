/** What a person does in a window, and what it sees: by roles and labels, as a screen reader would find them. */
import { expect, type Locator, type Page } from '@playwright/test';
import { hostname } from 'node:os';

/** The machine every test has: this computer. */
export const MACHINE = hostname();
/** What a terminal that is asked for has to show by then. */
const SHOWN = { timeout: 30_000 };

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export async function signIn(window: Page, address: string, { email, password }: Credentials): Promise<void> {
  await fillSignIn(window, address, { email, password });
  await expect(window.getByRole('navigation', { name: 'Pages' })).toBeVisible(SHOWN);
}

/** Types it all and asks to be let in. */
export async function fillSignIn(window: Page, address: string, { email, password }: Credentials): Promise<void> {
  await window.getByLabel('Server address').fill(address);
  await window.getByLabel('Email').fill(email);
  await window.getByLabel('Password', { exact: true }).fill(password);
  await window.getByRole('button', { name: 'Sign in', exact: true }).click();
}

export const page = (window: Page, name: string): Promise<void> =>
  window.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name, exact: true }).click();

/** Opens one more terminal on the machine from the list, and waits for its prompt. */
export async function openTerminal(window: Page, machine = MACHINE): Promise<Locator> {
  const line = window.getByRole('treeitem', { name: machine }).first();
  await line.hover();
  await line.getByRole('button', { name: `Open terminal on ${machine}` }).click();
  const terminal = shownTerminal(window, machine);
  await expect(screenOf(terminal)).toContainText(/[$#>] ?/u, SHOWN);
  return terminal;
}

/** The terminal one looks at. */
export const shownTerminal = (window: Page, machine = MACHINE): Locator =>
  window.getByRole('region', { name: `Terminal on ${machine}` }).filter({ visible: true });

/** Its lines, as they are drawn. */
export const screenOf = (terminal: Locator): Locator => terminal.locator('.xterm-rows');

/** Types a line and presses Enter. */
export async function run(terminal: Locator, line: string): Promise<void> {
  const keyboard = terminal.page().keyboard;
  await terminal.getByRole('textbox', { name: 'Terminal input' }).focus();
  await keyboard.type(line);
  await keyboard.press('Enter');
}

/** Runs a line and waits until its output shows `text`, which the line itself does not contain. */
export async function runAndSee(terminal: Locator, line: string, text: string | RegExp): Promise<void> {
  await run(terminal, line);
  await expect(screenOf(terminal)).toContainText(text, SHOWN);
}
