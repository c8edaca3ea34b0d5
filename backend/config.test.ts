import { describe, expect, it } from 'vitest';
import { readConfig, variableHelp } from './config.ts';

const read = (variables: Record<string, string | undefined>, flags = {}) => readConfig(variables, flags, '/usual');

describe('the configuration', () => {
  it('has defaults that serve this computer alone', () => {
    const configured = read({});
    if (!configured.ok) throw new Error(configured.problems.join());
    expect(configured.config).toMatchObject({
      role: { is: 'all' },
      dataFolder: '/usual',
      listenHost: '127.0.0.1',
      port: 8080,
      publicUrl: null,
      jwtSecret: null,
      tokenLifetimeS: 86_400,
      logLevel: 'info',
    });
    expect(configured.config.trustedProxies.check('127.0.0.1', 'ipv4')).toBe(false);
  });

  it('takes the environment, where a flag does not say otherwise', () => {
    const variables = {
      WEBXTERM_DATA: '/from/env',
      PUBLIC_URL: 'https://terminals.example.org',
      TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.1',
      TOKEN_HOURS: '1.5',
      JWT_SECRET: 'x'.repeat(32),
      LOG_LEVEL: '',
    };
    const configured = read(variables, { port: 0, host: '::' });
    if (!configured.ok) throw new Error(configured.problems.join());
    const { config } = configured;
    expect(config).toMatchObject({
      dataFolder: '/from/env',
      port: 0,
      listenHost: '::',
      tokenLifetimeS: 5400,
      logLevel: 'info',
    });
    expect(config.publicUrl?.host).toBe('terminals.example.org');
    expect(config.trustedProxies.check('10.1.2.3', 'ipv4')).toBe(true);
    expect(read(variables, { data: '/from/flag' })).toMatchObject({ config: { dataFolder: '/from/flag' } });
  });

  it('asks one that is to be the auth service alone for the address of the other', () => {
    const MACHINES_URL = 'http://machines.internal:8081';
    expect(read({ MACHINES_URL }, { role: 'auth' })).toMatchObject({
      config: { role: { is: 'auth', machinesUrl: new URL(MACHINES_URL) } },
    });
    expect(read({}, { role: 'auth' })).toEqual({ ok: false, problems: ['MACHINES_URL must be set with --role auth'] });
    expect(read({}, { role: 'machines' })).toMatchObject({ config: { role: { is: 'machines' } } });
  });

  it('names every variable that is wrong, and shows no secret', () => {
    const configured = read({
      PUBLIC_URL: 'terminals.example.org',
      TRUSTED_PROXIES: 'proxy.example.org',
      TOKEN_HOURS: 'soon',
      JWT_SECRET: 'hunter2',
      LOG_LEVEL: 'loud',
    });
    if (configured.ok) throw new Error('should be refused');
    const names = configured.problems.map((problem) => problem.split(' ')[0]);
    expect(new Set(names)).toEqual(
      new Set(['JWT_SECRET', 'LOG_LEVEL', 'PUBLIC_URL', 'TOKEN_HOURS', 'TRUSTED_PROXIES']),
    );
    expect(configured.problems.join()).not.toContain('hunter2');
  });

  it('takes a PostgreSQL database with the secret that its servers share, and verifies the certificate where there is TLS', () => {
    const given = 'postgres://web:hunter2@db.example.org:5433/webxterm?sslmode=require';
    const JWT_SECRET = 'x'.repeat(32);
    const kept = 'postgres://web:hunter2@db.example.org:5433/webxterm?sslmode=verify-full';
    expect(read({ DATABASE_URL: given, JWT_SECRET })).toMatchObject({ config: { databaseUrl: kept } });
    expect(read({ JWT_SECRET })).toMatchObject({ config: { databaseUrl: null } });
    expect(read({ DATABASE_URL: given })).toEqual({
      ok: false,
      problems: ['JWT_SECRET must be set with DATABASE_URL: every server of the store signs with it'],
    });
  });

  it.each([
    'mysql://web:hunter2@db/webxterm',
    'postgres://web:hunter2@db',
    'postgres://web:hunter2@db/webxterm?sslmode=perhaps',
    'hunter2',
  ])('takes no %s as DATABASE_URL, and does not repeat it', (DATABASE_URL) => {
    const configured = read({ DATABASE_URL, JWT_SECRET: 'x'.repeat(32) });
    if (configured.ok) throw new Error('should be refused');
    expect(configured.problems.join()).toMatch(/^DATABASE_URL must /);
    expect(configured.problems.join()).not.toContain('hunter2');
  });

  it.each(['ftp://example.org', 'https://example.org/path', 'https://example.org/?x'])(
    'takes no %s as PUBLIC_URL',
    (url) => {
      expect(read({ PUBLIC_URL: url })).toMatchObject({ ok: false });
    },
  );

  it('explains each of its variables', () => {
    for (const { name, says } of variableHelp) expect(says, name).not.toBe('');
  });
});
