/** No token of the server is in the window: not in its memory, its storage, its document, its address. */
import { expect, type Page } from '@playwright/test';
import { z } from 'zod';
import { test } from './product/fixtures.ts';
import { openTerminal, runAndSee, signIn } from './product/person.ts';

/** What every JSON Web Token starts with: `{"` in base64. */
const TOKEN = /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/u;
const everythingStored = `JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])`;

async function heapOf(window: Page): Promise<string> {
  const client = await window.context().newCDPSession(window);
  const chunks: string[] = [];
  client.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await client.send('HeapProfiler.takeHeapSnapshot');
  return chunks.join('');
}

test('a signed-in window at work holds no token anywhere', async ({ backend, machine: _, window }) => {
  await signIn(window, backend.url, backend.admin);
  await runAndSee(await openTerminal(window), 'echo planted-$((6*7))-canary', 'planted-42-canary');

  const heap = await heapOf(window);
  expect(heap, 'the search itself must be able to find what is there').toContain('planted-42-canary');
  expect(TOKEN.exec(heap)?.[0]).toBeUndefined();
  expect(heap).not.toContain(backend.admin.password);
  expect(z.string().parse(await window.evaluate(everythingStored))).not.toMatch(TOKEN);
  expect(await window.content()).not.toMatch(TOKEN);
});
