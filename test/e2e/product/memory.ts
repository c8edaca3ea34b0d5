/** What a window holds: its memory, what it stored, its document. */
import type { Page } from '@playwright/test';
import { z } from 'zod';

/** What every JSON Web Token starts with: `{"` in base64. */
export const TOKEN = /eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/u;
const everythingStored = `JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])`;

export async function heapOf(window: Page): Promise<string> {
  const client = await window.context().newCDPSession(window);
  const chunks: string[] = [];
  client.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await client.send('HeapProfiler.takeHeapSnapshot');
  return chunks.join('');
}

export const storedBy = async (window: Page): Promise<string> =>
  z.string().parse(await window.evaluate(everythingStored));
