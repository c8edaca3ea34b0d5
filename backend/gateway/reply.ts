/** Handlers' outcomes as HTTP answers. What goes out is parsed too, so that nothing slips in that the contract does not name. */
import type { FastifyReply } from 'fastify';
import type { Refusal, Row } from '../../protocol/api/row.ts';
import { errorAnswer } from './refusal.ts';
import type { AnyOutcome } from './routes.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { status, headers, body } = errorAnswer(refusal, reply.request.id);
  return reply.code(status).headers(headers).type(JSON_TYPE).send(JSON.stringify(body));
}

export function sendOutcome(reply: FastifyReply, row: Row, outcome: AnyOutcome): FastifyReply {
  if ('refuse' in outcome) return sendRefusal(reply, outcome.refuse);
  if ('status' in outcome) {
    return reply
      .code(outcome.status)
      .type(JSON_TYPE)
      .send(serialized(row, outcome.status, outcome.body));
  }
  if ('body' in outcome && row.kind === 'stream') {
    return reply
      .type(row.mediaType)
      .headers(outcome.headers ?? {})
      .send(outcome.body);
  }
  throw new Error(`the handler of ${row.method} ${row.path} answered what its row does not`);
}

function serialized(row: Row, status: 200 | 201, body: unknown): string {
  const schema = 'answer' in row ? row.answer[status] : undefined;
  if (!schema) throw new Error(`${row.method} ${row.path} has no answer ${status}`);
  return JSON.stringify(schema.parse(body));
}
