/** No token of the server is in the window: not in its memory, its storage, its document, its address. */
import { expect } from '@playwright/test';
import { test } from './product/fixtures.ts';
import { heapOf, storedBy, TOKEN } from './product/memory.ts';
import { openTerminal, runAndSee, signIn } from './product/person.ts';

test('a signed-in window at work holds no token anywhere', async ({ backend, machine: _, window }) => {
  await signIn(window, backend.url, backend.admin);
  await runAndSee(await openTerminal(window), 'echo planted-$((6*7))-canary', 'planted-42-canary');

  const heap = await heapOf(window);
  expect(heap, 'the search itself must be able to find what is there').toContain('planted-42-canary');
  expect(TOKEN.exec(heap)?.[0]).toBeUndefined();
  expect(heap).not.toContain(backend.admin.password);
  expect(await storedBy(window)).not.toMatch(TOKEN);
  expect(await window.content()).not.toMatch(TOKEN);
});
