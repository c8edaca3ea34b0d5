/**
 * Five kinds of test: units beside the code, seeded simulations, services over real sockets, PTYs and processes; and once more what
 * has to do with the store on PostgreSQL, and what is said over HTTP and sockets with the two services apart.
 */
import { defineConfig } from 'vitest/config';

const shared = { environment: 'node', restoreMocks: true, unstubEnvs: true } as const;

const processes = { testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: 2 };

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
          exclude: ['test/service/postgres/**'],
          ...processes,
        },
      },
      {
        test: {
          ...shared,
          name: 'postgres',
          globalSetup: 'test/service/postgres/cluster.ts',
          include: [
            'backend/{store,auth,machines,data,community,reconcile}/**/*.test.ts',
            'test/service/{backend,machines,sign-in,terminals}-*.test.ts',
            'test/service/{access,audit-api,community,dashboard,groups,guessing,organizations,otp,profile,recordings,uploads,users}.test.ts',
            'test/service/postgres/*.test.ts',
          ],
          // About SQLite itself, or not about the store.
          exclude: [
            'backend/store/{open,bindable}.test.ts',
            'backend/machines/{machine-list,client-software,uptime,agent-proof}.test.ts',
            'backend/machines/install/**',
            'backend/machines/terminals/{broker,hub,inbox,plain-input,plain-message}.test.ts',
            'test/service/backend-{cli,faults,logs,tls}.test.ts',
            'test/service/terminals-full-disk.test.ts',
          ],
          ...processes,
        },
      },
      {
        test: {
          ...shared,
          name: 'two-services',
          env: { WEBXTERM_TEST_DEPLOYMENT: 'two' },
          include: [
            'test/service/backend-{rows,requests,auth,sockets,logs}.test.ts',
            'test/service/{machines-*,sign-in-*,terminals-framed,terminals-plain}.test.ts',
            'test/service/{access,audit-api,community,dashboard,groups,guessing,organizations,otp,profile,recordings,uploads,users}.test.ts',
          ],
          ...processes,
        },
      },
    ],
  },
});
