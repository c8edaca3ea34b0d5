/** The HTTP side of the gateway: Fastify with one route per row of the table, and nothing that is not in it. */
import { parse } from 'node:querystring';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Refusal, Row } from '../../protocol/api/row.ts';
import { cookieOfRow, readCookie } from './cookies.ts';
import type { Desk } from './desk.ts';
import type { Admitted } from './door.ts';
import { securityHeaders } from './headers.ts';
import { withoutRedaction } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { AnyInput } from './parse-input.ts';
import { sendRaw } from './raw-answer.ts';
import { errorAnswer, knownFault } from './refusal.ts';
import { sendOutcome, sendRefusal } from './reply.ts';
import type { Matcher, OtherRoute, OwnRoute, Route } from './routes.ts';
import type { Upstream } from './upstream/upstream.ts';
import { refusedBody, takeFiles, type UploadOf } from './take-files.ts';
import { AROUND_A_FILE, type Upload } from './upload.ts';

export interface ServerParts {
  readonly routes: readonly Route[];
  readonly match: Matcher;
  readonly desk: Desk;
  /** Who answers the routes that are not ours; null: none is. */
  readonly upstream: Pick<Upstream, 'request'> | null;
  readonly metrics: Pick<Metrics, 'request'>;
  readonly log: Logger;
  readonly isHttps: boolean;
  readonly newUuid: () => string;
  readonly isStopping: () => boolean;
  readonly limits: ServerLimits;
}
export interface ServerLimits {
  readonly bodyBytes: number;
  /** A whole request has to arrive within this. */
  readonly requestMs: number;
  /** How long the other service may be silent before it answers. */
  readonly upstreamMs: number;
}
export const usualServerLimits: ServerLimits = { bodyBytes: 256 * 1024, requestMs: 30_000, upstreamMs: 60_000 };

/** What is known of a request while it is answered. */
interface Served extends Admitted {
  readonly route: Route | null;
}
type Enter = (request: FastifyRequest, route: Route | null) => Promise<Served>;

export function createServer(parts: ServerParts): FastifyInstance {
  const served = new WeakMap<FastifyRequest, Served>();
  const noted = { metrics: parts.metrics, log: withoutRedaction(parts.log) };
  const app = fastify({
    logger: false,
    genReqId: parts.newUuid,
    bodyLimit: parts.limits.bodyBytes,
    requestTimeout: parts.limits.requestMs,
    http: {
      headersTimeout: parts.limits.requestMs,
      connectionsCheckingInterval: Math.min(parts.limits.requestMs, 5_000),
    },
    return503OnClosing: false,
    routerOptions: { querystringParser: parse },
    clientErrorHandler: (error, socket) => {
      const answer = errorAnswer({ code: knownFault(error) ?? 'bad-request' }, parts.newUuid());
      sendRaw(socket, answer, {});
    },
    frameworkErrors: (error, _request, reply) => {
      void sendRefusal(reply, { code: knownFault(error) ?? 'unexpected' });
    },
  });
  const enter: Enter = async (request, route) => {
    const { headers, socket, query } = request;
    const admitted = await parts.desk.admit(route?.row ?? null, {
      requestId: request.id,
      method: request.method,
      target: request.raw.url ?? '/',
      headers,
      socketAddress: socket.remoteAddress ?? '',
      query,
    });
    const known = { ...admitted, route };
    served.set(request, known);
    request.id = admitted.visitor.requestId;
    return known;
  };

  takeJson(app);
  const uploadOf = takeFiles(app, (request) => served.get(request));
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers(securityHeaders(request.id, parts.isHttps));
    done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    // Known for sure once it came in: whoever vouches for a request has given it an id already.
    void reply.header('x-request-id', request.id);
    // A connection kept alive past the end of the server would keep it from ending.
    if (parts.isStopping()) void reply.header('connection', 'close');
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    note(noted, request, reply, served.get(request));
    done();
  });
  app.setErrorHandler((error, request, reply) => {
    const code = knownFault(error);
    if (code === null) parts.log.error({ err: error, request_id: request.id }, 'unexpected');
    return sendRefusal(reply, { code: code ?? 'unexpected' });
  });
  app.setNotFoundHandler(async (request, reply) => {
    const { refuse } = await enter(request, null);
    return sendRefusal(reply, refuse ?? strayed(request, reply, parts.match));
  });
  const routes = parts.routes.filter(({ row }) => row.kind !== 'socket');
  const entrance: Entrance = {
    enter,
    admitted: async (request, route) => served.get(request) ?? enter(request, route),
  };
  for (const route of routes) if (route.handle) answerHere(app, route, entrance, { ...parts, uploadOf });
  const { upstream, limits } = parts;
  if (upstream) {
    void app.register((scope, _options, done) => {
      takeAnyBody(scope);
      for (const route of routes) if (!route.handle) handOn(scope, route, entrance, { upstream, limits });
      done();
    });
  }
  return app;
}

/** Every request comes in once, before its body is read. */
interface Entrance {
  readonly enter: Enter;
  readonly admitted: (request: FastifyRequest, route: Route) => Promise<Admitted>;
}
type Respond = (request: FastifyRequest, reply: FastifyReply, admitted: Admitted) => Promise<FastifyReply>;

function addRoute(app: FastifyInstance, route: Route, { enter, admitted }: Entrance, respond: Respond): void {
  app.route({
    method: route.row.method,
    url: route.row.path,
    onRequest: async (request, reply) => {
      const { refuse } = await enter(request, route);
      return refuse ? sendRefusal(reply, refuse) : undefined;
    },
    handler: async (request, reply) => respond(request, reply, await admitted(request, route)),
  });
}

function answerHere(
  app: FastifyInstance,
  route: OwnRoute,
  entrance: Entrance,
  { desk, isHttps, uploadOf }: Pick<ServerParts, 'desk' | 'isHttps'> & { readonly uploadOf: UploadOf },
): void {
  const { row } = route;
  addRoute(app, route, entrance, async (request, reply, admitted) => {
    const upload = uploadOf(request);
    const refuse = refusedBody(row, upload, request.body);
    if (upload?.ok === false && upload.isCut) void reply.header('connection', 'close');
    if (refuse) return sendRefusal(reply, refuse);
    const outcome = await desk.answer(route, admitted, rawInput(row, request, upload), null);
    return sendOutcome(reply, row, outcome, isHttps);
  });
}

function rawInput(row: Row, request: FastifyRequest, upload: Upload | undefined): AnyInput {
  const { params, query, body } = request;
  const cookie = cookieOfRow(row);
  return {
    params,
    query,
    body,
    cookie: cookie ? readCookie(cookie, request.headers.cookie) : undefined,
    file: upload?.ok === true ? upload.file : null,
  };
}

function handOn(
  app: FastifyInstance,
  route: OtherRoute,
  entrance: Entrance,
  { upstream, limits }: { readonly upstream: Pick<Upstream, 'request'>; readonly limits: ServerLimits },
): void {
  const mostBytes = bodyLimit(route.row, limits);
  addRoute(app, route, entrance, async (request, reply, admitted) => {
    const answer = await upstream.request({ request: request.raw, response: reply.raw, admitted, mostBytes });
    if ('refuse' in answer) return sendRefusal(reply, answer.refuse);
    return reply.code(answer.status).headers(answer.headers).send(answer.body);
  });
}

function bodyLimit(row: Row, { bodyBytes }: ServerLimits): number {
  return row.kind === 'upload' ? row.maxBytes + AROUND_A_FILE : bodyBytes;
}

/** Bodies pass as they are: what they have to be, the other service knows. */
function takeAnyBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _body, done) => done(null));
}

/** An empty body is none: clients that always name a type may sign out too. */
function takeJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null) : parseJson(request, body.toString(), done),
  );
}

/** An address without a route: of a socket, known by other methods, or by none. */
function strayed(request: FastifyRequest, reply: FastifyReply, match: Matcher): Refusal {
  const matches = match(new URL(request.url, 'http://host').pathname);
  if (!matches) return { code: 'bad-request' };
  if (matches.length === 0) return { code: 'unknown-route' };
  if (request.method === 'GET') {
    void reply.header('upgrade', 'websocket');
    return { code: 'upgrade-required' };
  }
  const methods = matches.flatMap(({ route }) => (route.row.method === 'GET' ? ['GET', 'HEAD'] : [route.row.method]));
  void reply.header('allow', methods.join(', '));
  return { code: 'wrong-method' };
}

/** The row's name stands for the address: what somebody wrote into one is theirs, and may be a secret. */
function note(
  { metrics, log }: Pick<ServerParts, 'metrics' | 'log'>,
  request: FastifyRequest,
  reply: FastifyReply,
  served: Served | undefined,
): void {
  const route = served?.route?.name ?? 'none';
  const ms = Math.round(reply.elapsedTime * 10) / 10;
  metrics.request(route, reply.statusCode, ms / 1000);
  log.info(
    {
      request_id: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      ms,
      address: served?.visitor.address,
      user_id: served?.member?.account.id,
    },
    'request',
  );
}
