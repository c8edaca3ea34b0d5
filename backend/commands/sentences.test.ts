import { describe, expect, it } from 'vitest';
import type { StartFault } from '../serve.ts';
import { nodeComplaint, sentenceFor } from './sentences.ts';

describe('the version of Node', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '26.1.0'])('%s will do', (version) => {
    expect(nodeComplaint(version)).toBeNull();
  });

  it.each(['18.20.4', '20.18.9', '8.0.0'])('%s is too old, and what to do is said', (version) => {
    expect(nodeComplaint(version)).toContain(`needs Node 20.19 or newer, and this is ${version}`);
  });
});

describe('what is said when it cannot start', () => {
  const where = { dataFolder: '/data/here', databaseUrl: null, listenHost: '127.0.0.1', port: 443 };
  const cases: Record<StartFault, readonly string[]> = {
    'port-taken': ['443', '--port'],
    'port-forbidden': ['443', 'may not listen', '--port'],
    'address-not-here': ['127.0.0.1', '--host'],
    'data-not-writable': ['/data/here', 'disk', '--data'],
    'data-damaged': ['/data/here', 'backup'],
    'data-in-use': ['/data/here', '--data'],
    'data-busy': ['/data/here', 'again'],
    'data-newer': ['/data/here', 'newer', 'backup'],
    'database-unreachable': ['/data/here', 'DATABASE_URL'],
    'database-untrusted': ['/data/here', 'certificate', 'NODE_EXTRA_CA_CERTS', 'DATABASE_URL'],
    'database-refused': ['/data/here', 'DATABASE_URL'],
  };

  it.each(Object.entries(cases))('names what it is and what helps: %s', (code, words) => {
    const known = Object.keys(cases).find((one): one is StartFault => one === code);
    if (!known) throw new Error(code);
    for (const word of words) expect(sentenceFor(known, where)).toContain(word);
  });

  it('names a database without its password', () => {
    const databaseUrl = 'postgres://web:hunter2@db.example.org:5433/webxterm?sslmode=verify-full';
    const said = sentenceFor('database-refused', { ...where, databaseUrl });
    expect(said).toContain('webxterm on db.example.org:5433');
    expect(said).not.toContain('hunter2');
  });
});
