/** Handlers' outcomes as HTTP answers. What goes out is parsed too, so that nothing slips in that the contract does not name. */
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { Refusal, Row } from '../../protocol/api/row.ts';
import { cookieHeader, cookieOfRow } from './cookies.ts';
import { PAGE_POLICY, renderPage } from './page.ts';
import { errorAnswer } from './refusal.ts';
import type { AnyOutcome } from './routes.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const HTML_TYPE = 'text/html; charset=utf-8';
/** To be fetched with GET, this time. */
const FOUND = 302;

export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { status, headers, body } = errorAnswer(refusal, reply.request.id);
  return reply.code(status).headers(headers).type(JSON_TYPE).send(JSON.stringify(body));
}

/** `isHttps`: browsers reach this server over TLS, so its cookies need never go without. */
export function sendOutcome(reply: FastifyReply, row: Row, outcome: AnyOutcome, isHttps: boolean): FastifyReply {
  if ('refuse' in outcome) return sendRefusal(reply, outcome.refuse);
  if ('cookie' in outcome) setCookie(reply, row, outcome.cookie, isHttps);
  if ('status' in outcome) {
    return reply
      .code(outcome.status)
      .type(JSON_TYPE)
      .send(serialized(row, outcome.status, outcome.body));
  }
  if ('location' in outcome && (row.kind === 'redirect' || row.kind === 'page')) {
    return reply.redirect(outcome.location, FOUND);
  }
  return sendBody(reply, row, outcome);
}

function sendBody(reply: FastifyReply, row: Row, outcome: AnyOutcome): FastifyReply {
  if ('page' in outcome && row.kind === 'page') {
    return reply.type(HTML_TYPE).header('content-security-policy', PAGE_POLICY).send(renderPage(outcome.page));
  }
  if ('body' in outcome && row.kind === 'stream') {
    return reply
      .type(row.mediaType)
      .headers('headers' in outcome ? outcome.headers : {})
      .send(outcome.body);
  }
  if ('file' in outcome && 'files' in row) {
    const mediaType = row.files[outcome.format];
    if (mediaType !== undefined) return reply.type(mediaType).headers(outcome.headers).send(outcome.file);
  }
  return strange(row);
}

function setCookie(reply: FastifyReply, row: Row, value: string | null, isHttps: boolean): void {
  const cookie = cookieOfRow(row) ?? strange(row);
  void reply.header('set-cookie', cookieHeader(cookie, value, isHttps));
}

function strange(row: Row): never {
  throw new Error(`the handler of ${row.method} ${row.path} answered what its row does not`);
}

function serialized(row: Row, status: 200 | 201, body: unknown): string {
  const answers: Partial<Record<200 | 201, z.ZodType>> = ('answer' in row && row.answer) || {};
  const schema = answers[status];
  if (!schema) throw new Error(`${row.method} ${row.path} has no answer ${status}`);
  return JSON.stringify(schema.parse(body));
}
