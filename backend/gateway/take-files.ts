/** Uploads as Fastify brings them: read where a row takes files, from somebody who may send them, and nowhere else. */
import type { Readable } from 'node:stream';
import { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Refusal, Row } from '../../protocol/api/row.ts';
import type { Admitted } from './door.ts';
import type { Route } from './routes.ts';
import { createUploads, type Upload } from './upload.ts';

interface Asked extends Pick<Admitted, 'member'> {
  readonly route: Route | null;
}

/** A file that cannot be had, or something else where only a file is wanted. */
export function refusedBody(row: Row, upload: Upload | undefined, body: unknown): Refusal | null {
  if (row.kind !== 'upload') return null;
  if (upload) return upload.ok ? null : upload.refuse;
  if (row.body) return null;
  return { code: body === undefined ? 'file-missing' : 'wrong-media-type' };
}

export type UploadOf = (request: FastifyRequest) => Upload | undefined;
/** What it gives tells what came with a request; undefined: no file. */
export function takeFiles(app: FastifyInstance, askedBy: (request: FastifyRequest) => Asked | undefined): UploadOf {
  const uploads = createUploads();
  const read = new WeakMap<FastifyRequest, Upload>();
  app.addContentTypeParser('multipart/form-data', async (request: FastifyRequest, body: Readable) => {
    const { route, member } = askedBy(request) ?? {};
    if (route?.row.kind !== 'upload' || !member) throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE();
    const { 'content-type': contentType = '', 'content-length': length } = request.headers;
    const contentLength = length === undefined ? null : Number(length);
    const { maxBytes } = route.row;
    read.set(request, await uploads.read({ body, contentType, contentLength, maxBytes, account: member.account.id }));
  });
  return (request) => read.get(request);
}
