/** Three kinds of test: units beside the code, seeded simulations, and services over real sockets, PTYs and processes. */
import { defineConfig } from 'vitest/config';

const shared = { environment: 'node', restoreMocks: true, unstubEnvs: true } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['{protocol,backend,agent,main,preload,renderer,scripts,bench}/**/*.test.{ts,tsx,mjs}'],
          testTimeout: 20_000,
        },
      },
      { test: { ...shared, name: 'simulation', include: ['test/simulation/**/*.test.ts'], testTimeout: 300_000 } },
      {
        test: {
          ...shared,
          name: 'service',
          include: ['test/{service,start,packaging}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
