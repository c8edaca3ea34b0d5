/** What is built from what: three programs of Node, the parts of the Electron app, and the window's page. */
import { chmod, cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {string} output
 * @property {readonly string[]} sources folders it may import from
 * @property {(root: string) => Promise<void>} build
 */

/** @typedef {import('esbuild').BuildOptions} BuildOptions */
/** @typedef {{ name: string, entry: string, output: string, sources: readonly string[], options: BuildOptions }} Bundle */

/** Packages with a compiled part: they cannot be bundled, so they stay beside the program in node_modules. */
const native = ['@lydell/node-pty', '@napi-rs/keyring', '@node-rs/argon2', '@photostructure/sqlite'];
/** CommonJS packages inside an ES module still ask for `require`. */
const requireForBundled =
  "import { createRequire as webxtermCreateRequire } from 'node:module';\nconst require = webxtermCreateRequire(import.meta.url);";

/** @param {Bundle} bundle @returns {Target} */
const program = (bundle) => ({
  name: bundle.name,
  output: bundle.output,
  sources: bundle.sources,
  build: async (root) => {
    const { build } = await import('esbuild');
    const { version } = described.parse(JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')));
    const outfile = path.join(root, bundle.output);
    await build({
      absWorkingDir: root,
      entryPoints: [`./${bundle.entry}`],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      charset: 'utf8',
      legalComments: 'eof',
      logLevel: 'silent',
      external: native,
      define: { 'process.env.WEBXTERM_VERSION': JSON.stringify(version) },
      ...bundle.options,
    });
    await chmod(outfile, 0o755);
  },
});

const described = z.object({ version: z.string() });
const shebang = '#!/usr/bin/env node\n';

/** @type {readonly Target[]} */
export const targets = [
  program({
    name: 'backend',
    entry: 'backend/cli.ts',
    output: 'dist/webxterm-backend.js',
    sources: ['protocol', 'backend'],
    options: { banner: { js: shebang + requireForBundled } },
  }),
  program({
    name: 'agent',
    entry: 'agent/cli.ts',
    output: 'dist/webxterm-agent.js',
    sources: ['protocol', 'agent'],
    options: { banner: { js: shebang + requireForBundled } },
  }),
  program({
    name: 'desktop',
    entry: 'main/host/browser/cli.ts',
    output: 'dist/webxterm-desktop.js',
    sources: ['protocol', 'main'],
    options: { banner: { js: shebang + requireForBundled } },
  }),
  program({
    name: 'electron-main',
    entry: 'main/host/electron/main.ts',
    output: 'dist/electron/main.js',
    sources: ['protocol', 'main'],
    options: { banner: { js: requireForBundled }, target: 'node22', external: [...native, 'electron'] },
  }),
  program({
    name: 'electron-preload',
    entry: 'preload/preload.ts',
    output: 'dist/electron/preload.cjs',
    sources: ['protocol', 'preload'],
    options: { format: 'cjs', target: 'node22', external: ['electron'] },
  }),
  program({
    name: 'electron-agent',
    entry: 'main/host/electron/agent-entry.ts',
    output: 'dist/electron/agent.js',
    sources: ['protocol', 'main'],
    options: { target: 'node22' },
  }),
  {
    name: 'electron-images',
    output: 'dist/electron/images/icon.png',
    sources: ['main/host/electron/images'],
    build: async (root) => {
      await cp(path.join(root, 'main/host/electron/images'), path.join(root, 'dist/electron/images'), {
        recursive: true,
      });
    },
  },
  {
    name: 'renderer',
    output: 'dist/renderer/index.html',
    sources: ['protocol', 'renderer'],
    build: async (root) => {
      const { build } = await import('vite');
      await build({ configFile: path.join(root, 'renderer/vite.config.ts'), logLevel: 'warn' });
    },
  },
];
