/** This contract, as developers read it. */
import { rows } from './row.ts';

export const documents = rows({
  openApi: {
    kind: 'stream',
    method: 'GET',
    path: '/api/openapi.json',
    access: 'public',
    rate: 'read',
    mediaType: 'application/json; charset=utf-8',
  },
  guide: {
    kind: 'stream',
    method: 'GET',
    path: '/docs',
    access: 'public',
    rate: 'read',
    mediaType: 'text/html; charset=utf-8',
  },
});
