/** Serves one page of parts of the window, bundled in memory, under the policy the product's window has. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { pagePolicy } from '../../main/host/page.ts';

export interface PageServer {
  readonly url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function servePage(files: PageFiles): Promise<PageServer> {
  const server = createServer((request, response) => {
    const nonce = randomBytes(16).toString('base64');
    const path = request.url ?? '/';
    const file = files.get(path);
    if (path !== '/' && file === undefined) return response.writeHead(404).end();
    response.setHeader('Content-Security-Policy', pagePolicy(nonce, null));
    response.setHeader('Content-Type', file?.type ?? 'text/html; charset=utf-8');
    return response.end(file?.content ?? html(nonce));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${addressOf(server.address()).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** By their paths. */
type PageFiles = ReadonlyMap<string, ServedFile>;
interface ServedFile {
  readonly content: Uint8Array;
  readonly type: string;
}

/** @param entry the page's first module */
export async function bundlePage(entry: string): Promise<PageFiles> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    outfile: 'page.js',
    bundle: true,
    write: false,
    format: 'esm',
    target: 'chrome120',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
  return new Map(
    outputFiles.map(({ path, contents }) => {
      const isStyle = path.endsWith('.css');
      const type = isStyle ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
      return [isStyle ? '/page.css' : '/page.js', { content: contents, type }];
    }),
  );
}

const html = (nonce: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta property="csp-nonce" nonce="${nonce}" />
    <title>Parts</title>
    <link rel="stylesheet" href="/page.css" />
  </head>
  <body><div id="root"></div><script type="module" src="/page.js"></script></body>
</html>`;

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('The page server has no port');
  return address;
}
