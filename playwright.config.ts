/** Tests in a real browser: single parts on a page of their own (`browser`), and the whole product as a person uses it (`e2e`). */
import { defineConfig } from '@playwright/test';
import { findBrowser } from './scripts/system-packages.mjs';

const executablePath = findBrowser() ?? undefined;
const launch = (...graphics: readonly string[]) => ({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: [
    '--no-sandbox',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    ...graphics,
  ],
});
// WebGL without a graphics card: for the parts, where losing it is tested. The product is driven without, so that its text can be read.
const inSoftware = launch('--use-angle=swiftshader', '--enable-unsafe-swiftshader');
const withoutWebgl = launch('--disable-gpu', '--disable-3d-apis');

export default defineConfig({
  retries: 0,
  // Each worker drives a browser of its own; the product's speed is measured elsewhere.
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: 'line',
  use: {
    browserName: 'chromium',
    viewport: { width: 1100, height: 720 },
    // Without its film strip: that alone keeps a core busy.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
  },
  projects: [
    {
      name: 'browser',
      use: { launchOptions: inSoftware },
      testDir: 'test/browser',
      testMatch: '**/*.spec.ts',
      outputDir: 'test-results/browser',
    },
    {
      name: 'e2e',
      use: { launchOptions: withoutWebgl },
      testDir: 'test/e2e',
      testMatch: '**/*.spec.ts',
      outputDir: 'test-results/e2e',
      timeout: 180_000,
    },
  ],
});
