/** What developers ask of the server: the contract as a document, and as a page. */
import type { documents } from '../../protocol/api/documents.ts';
import { table } from '../../protocol/api/table.ts';
import type { GroupHandlers } from '../gateway/handlers.ts';
import { GUIDE_POLICY, renderGuide } from './guide.ts';
import { openApi } from './openapi.ts';

export function createDocumentHandlers(version: string): GroupHandlers<typeof documents> {
  const document = openApi(table, version);
  const json = JSON.stringify(document);
  const page = renderGuide(document);
  return {
    openApi: () => Promise.resolve({ body: json }),
    guide: () => Promise.resolve({ body: page, headers: { 'content-security-policy': GUIDE_POLICY } }),
  };
}
