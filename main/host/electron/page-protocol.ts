/** The `app://` protocol: serves the files of dist/renderer under the page's policy, and nothing else. */
import type { CustomScheme, Protocol } from 'electron';
import { pagePolicy, pageWithNonce, securityHeaders } from '../page.ts';
import { readRendererFile } from '../renderer-files.ts';
import { isOurPage, pageScheme } from './page-address.ts';

/**
 * As an address of the web would have, with an origin and secure; without the right to bypass the policy, to run service workers, or
 * to ask other origins. Module scripts come by fetch, which the policy keeps to this origin.
 */
const schemes: CustomScheme[] = [
  {
    scheme: pageScheme,
    privileges: {
      standard: true,
      secure: true,
      supportFetchAPI: true,
      bypassCSP: false,
      allowServiceWorkers: false,
      corsEnabled: false,
      allowExtensions: false,
    },
  },
];

/** Before the app is ready. */
export function declareScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged(schemes);
}

export interface PageParts {
  readonly rendererFolder: string;
  readonly newNonce: () => string;
}

export function servePage(protocol: Pick<Protocol, 'handle'>, parts: PageParts): void {
  protocol.handle(pageScheme, ({ url, method }) => answer(url, method, parts));
}

async function answer(url: string, method: string, { rendererFolder, newNonce }: PageParts): Promise<Response> {
  const file =
    method === 'GET' && isOurPage(url) ? await readRendererFile(rendererFolder, new URL(url).pathname) : null;
  if (!file) return new Response(null, { status: 404, headers: { ...securityHeaders } });
  const nonce = newNonce();
  const headers = {
    ...securityHeaders,
    'Content-Type': file.type,
    'Content-Security-Policy': pagePolicy(nonce, null),
    'Cache-Control': 'no-store',
  };
  const body = file.kind === 'page' ? pageWithNonce(file.content.toString(), nonce) : new Uint8Array(file.content);
  return new Response(body, { status: 200, headers });
}
