/** Working in terminals: several at once, full-screen programs, floods, wide characters, sizes, cuts and restarts. */
import { expect, type Page } from '@playwright/test';
import type { Backend } from './product/backend.ts';
import { test } from './product/fixtures.ts';
import { MACHINE, openTerminal, run, runAndSee, screenOf, shownTerminal, signIn } from './product/person.ts';

/** Pastes its argument where the keyboard is; text, for it runs in the page. */
const PASTE = `(text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}`;

const atHome = async (window: Page, backend: Backend, url = backend.url): Promise<void> => {
  await signIn(window, url, backend.admin);
};

test('three terminals are three shells, each keeping its own', async ({ backend, machine: _, window }) => {
  await atHome(window, backend);
  for (const name of ['one', 'two', 'three'])
    await runAndSee(await openTerminal(window), `NAME=${name}; echo "I am $NAME."`, `I am ${name}.`);

  await expect(window.getByRole('tab', { name: MACHINE })).toHaveCount(3);
  await window.getByRole('tab', { name: MACHINE }).first().click();
  await runAndSee(shownTerminal(window), 'echo "still $NAME"', 'still one');
});

test('vim takes the whole screen, edits a file, and gives the screen back', async ({ backend, machine, window }) => {
  await atHome(window, backend);
  const terminal = await openTerminal(window);
  const file = `${machine.home}/letter.txt`;
  await runAndSee(terminal, 'echo before-vim', /^before-vim|\nbefore-vim|before-vim/u);
  await run(terminal, `vim -u NONE ${file}`);
  await expect(screenOf(terminal)).toContainText('letter.txt');
  await expect(screenOf(terminal)).not.toContainText('before-vim');
  await window.keyboard.type('iDear Ada,');
  await window.keyboard.press('Escape');
  await window.keyboard.type(':wq');
  await window.keyboard.press('Enter');
  await expect(screenOf(terminal)).toContainText('before-vim');
  await runAndSee(terminal, `wc -c < ${file}`, '10');
});

test('htop draws itself anew when the window changes its size', async ({ backend, machine: _, window }) => {
  await atHome(window, backend);
  const terminal = await openTerminal(window);
  await run(terminal, 'htop');
  await expect(screenOf(terminal)).toContainText('F10Quit');
  await window.setViewportSize({ width: 900, height: 500 });
  await expect(screenOf(terminal)).toContainText('F10Quit');
  await window.keyboard.press('F10');
  await runAndSee(terminal, 'stty size', /\d+ \d+/u);
});

test('the shell knows the size of its tab', async ({ backend, machine: _, window }) => {
  await atHome(window, backend);
  const terminal = await openTerminal(window);
  const sizeNow = async (tag: string): Promise<readonly number[]> => {
    await runAndSee(terminal, `echo ${tag}=$(stty size | tr ' ' x)`, new RegExp(`${tag}=\\d+x\\d+`, 'u'));
    const [, rows = '', cols = ''] =
      new RegExp(`${tag}=(\\d+)x(\\d+)`, 'u').exec(await screenOf(terminal).innerText()) ?? [];
    return [Number(rows), Number(cols)];
  };
  const [rows = 0, cols = 0] = await sizeNow('first');
  await window.setViewportSize({ width: 1000, height: 600 });
  await expect(async () => {
    const [fewerRows = 0, fewerCols = 0] = await sizeNow(`again${Math.trunc(performance.now())}`);
    expect(fewerRows).toBeLessThan(rows);
    expect(fewerCols).toBeLessThan(cols);
  }).toPass();
});

test('ten megabytes of output arrive to the last line, and the prompt is there at once after it', async ({
  backend,
  machine: _,
  window,
}) => {
  await atHome(window, backend);
  const terminal = await openTerminal(window);
  await run(terminal, 'seq 1 1400000; echo last-$((1+1))-line');
  await expect(screenOf(terminal)).toContainText('last-2-line', { timeout: 90_000 });
  await expect(screenOf(terminal)).toContainText('1399999');
});

test('wide characters, emoji and combining marks stand where the shell believes they stand', async ({
  backend,
  machine: _,
  window,
}) => {
  await atHome(window, backend);
  const terminal = await openTerminal(window);
  await runAndSee(terminal, String.raw`printf '日本語|\U1F680|e\u0301|\n'`, /日本語\|🚀\|e\u0301\|/u);
});

test('Ctrl-C stops a flood: the prompt is back, and what is typed next is run', async ({
  backend,
  machine: _,
  window,
}) => {
  await atHome(window, backend);
  const terminal = await openTerminal(window);
  await run(terminal, 'yes flooded');
  await expect(screenOf(terminal)).toContainText('flooded');
  await window.keyboard.press('Control+c');
  await expect(screenOf(terminal)).toContainText('^C');
  await runAndSee(terminal, 'echo $((40+2)) is back', '42 is back');
});

test('a session outlives a cut: nothing is lost, what was typed meanwhile is sent, the scrollback stays', async ({
  backend,
  link,
  machine: _,
  window,
}) => {
  await atHome(window, backend, link.url);
  const terminal = await openTerminal(window);
  await runAndSee(terminal, 'echo before-$((1+1))', 'before-2');
  await run(terminal, 'for i in $(seq 1 40); do echo tick-$i; sleep 0.1; done; echo done-$((1+1))');
  await expect(screenOf(terminal)).toContainText('tick-3');
  link.cut();
  await expect(terminal.getByText(/Reconnecting, nothing is lost/u)).toBeVisible();
  link.mend();
  await expect(terminal.getByText(/Reconnecting, nothing is lost/u)).toBeHidden({ timeout: 30_000 });
  await expect(screenOf(terminal)).toContainText('done-2', { timeout: 30_000 });
  await runAndSee(terminal, 'history | wc -l; echo same-$((2+1))-shell', 'same-3-shell');
});

test('a server that was started anew finds the session again, for the shell never ended', async ({
  backend,
  machine: _,
  window,
}) => {
  await atHome(window, backend);
  const terminal = await openTerminal(window);
  await runAndSee(terminal, 'KEPT=kept; echo set-$((1+1))', 'set-2');
  await backend.stop();
  const broken = terminal.getByText(/Reconnecting, nothing is lost|The machine is away/u);
  await expect(broken).toBeVisible();
  await backend.restart();
  await expect(broken).toBeHidden({ timeout: 60_000 });
  await runAndSee(terminal, 'echo "$KEPT-$((3+1))"', 'kept-4');
});

test('tabs, their sessions and what is in their scrollback are there again after the app was started anew', async ({
  backend,
  desktop,
  machine: _,
  window,
}) => {
  await atHome(window, backend);
  const terminal = await openTerminal(window);
  await runAndSee(terminal, 'KEPT=same; echo marked-$((1+1))', 'marked-2');

  await desktop.restart();
  const again = await desktop.window();
  const restored = shownTerminal(again);
  await expect(screenOf(restored)).toContainText('marked-2', { timeout: 30_000 });
  await runAndSee(restored, 'echo the-$KEPT-shell', 'the-same-shell');
});

test('a closed tab can be taken back, with its session', async ({ backend, machine: _, window }) => {
  await atHome(window, backend);
  const terminal = await openTerminal(window);
  await runAndSee(terminal, 'KEPT=mine; echo ready-$((1+1))', 'ready-2');
  await window.keyboard.press('Control+Shift+W');
  await expect(shownTerminal(window)).toHaveCount(0);
  await window.getByRole('button', { name: 'Undo' }).click();
  await runAndSee(shownTerminal(window), 'echo still-$KEPT', 'still-mine');
});

test('the end of a session says how it ended, and Enter opens another', async ({ backend, machine: _, window }) => {
  await atHome(window, backend);
  const terminal = await openTerminal(window);
  await run(terminal, 'exit 3');
  await expect(terminal.getByText(/ended with exit code 3/u)).toBeVisible();
  await window.keyboard.press('Enter');
  await runAndSee(shownTerminal(window), 'echo anew-$((1+1))', 'anew-2');
});

test('pasting several lines shows them first', async ({ backend, machine: _, window }) => {
  await atHome(window, backend);
  const terminal = await openTerminal(window);
  await terminal.getByRole('textbox', { name: 'Terminal input' }).focus();
  await window.evaluate(`(${PASTE})(${JSON.stringify('echo pasted-$((1+1))\necho and-$((1+2))\n')})`);
  const guard = window.getByRole('dialog');
  await expect(guard).toContainText('echo pasted-');
  await guard.getByRole('button', { name: 'Paste', exact: true }).click();
  // The shell takes it as one paste: it runs when the person says so.
  await expect(screenOf(terminal)).toContainText('echo and-$((1+2))');
  await expect(screenOf(terminal)).not.toContainText('and-3');
  await window.keyboard.press('Enter');
  await expect(screenOf(terminal)).toContainText('pasted-2');
  await expect(screenOf(terminal)).toContainText('and-3');
});
