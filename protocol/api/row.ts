/** One row of the contract: an endpoint as data. Server routes, typed client, API document and access tests are derived from it. */
import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';

/**
 * Who may call. `agent` proves itself inside its own protocol; `anybody` is public too, but who sends a token is known by it, and
 * refused when it is not good; `self-or-admin` compares the path's `id` with the caller;
 * `machine-*`, `session-*` and `issue-*` look at the object the path names.
 */
export type Access =
  | 'public'
  | 'agent'
  | 'anybody'
  | 'signed-in'
  | 'self-or-admin'
  | 'machine-granted'
  | 'machine-owner'
  | 'session-visible'
  | 'issue-visible'
  | 'issue-author'
  | 'admin'
  | 'super-admin';
/** `guess`: anything where trying again could find a secret. `none`: probes of load balancers and collectors. */
export type RateClass = 'none' | 'read' | 'write' | 'guess';
type Schema = z.ZodType;

interface Common {
  /** Whole path, parameters as `:name`. */
  readonly path: `/${string}`;
  readonly access: Access;
  readonly rate: RateClass;
  readonly params?: Schema;
  readonly query?: Schema;
  /** What it may refuse with, beside what access, rate and bad input bring. */
  readonly refuses?: readonly ErrorCode[];
}
/** A row that may write names what the audit will say, or `null` with a reason in the group's file. */
type Method =
  | { readonly method: 'GET'; readonly audit?: string }
  | { readonly method: 'POST' | 'PUT' | 'DELETE'; readonly audit: string | null };

/** JSON in and out. */
export type JsonRow = Common &
  Method & {
    readonly kind?: 'json';
    readonly body?: Schema;
    readonly answer: Readonly<Partial<Record<200 | 201, Schema>>>;
    /** It is also had as a file, as a stream, where the query's `format` names one of these: their media types. */
    readonly files?: Readonly<Record<string, string>>;
  };
/** One of JSON that is also had as a file. */
export type ExportRow = JsonRow & { readonly files: Readonly<Record<string, string>> };
/** Answers something else than JSON, as a stream: a file, a recording, an export. */
export type StreamRow = Common & {
  readonly kind: 'stream';
  readonly method: 'GET';
  readonly audit?: string;
  readonly mediaType: string;
};
/** A cookie from one row to the next of the same browser. Scripts do not see it, other sites do not send it. */
export interface Cookie {
  readonly name: string;
  /** It is sent to addresses below this only. */
  readonly path: `/${string}`;
  readonly maxAgeS: number;
}
/** Sends the browser on. */
export type RedirectRow = Common & {
  readonly kind: 'redirect';
  readonly method: 'GET';
  readonly audit?: string;
  readonly cookie?: Cookie;
};
/** What a person's browser comes to: shows a page, sends it on, or, where the row has an `answer`, gives JSON. */
export type PageRow = Common & {
  readonly kind: 'page';
  readonly method: 'GET';
  readonly audit?: string;
  readonly cookie?: Cookie;
  readonly answer?: Readonly<Partial<Record<200, Schema>>>;
};
/** Takes one file as multipart/form-data, in the field `file`; where the row has a `body`, that as JSON instead. */
export type UploadRow = Common &
  Method & {
    readonly kind: 'upload';
    readonly maxBytes: number;
    readonly body?: Schema;
    readonly answer: Readonly<Partial<Record<200 | 201, Schema>>>;
  };
/** A WebSocket. What is refused is refused before the upgrade. `subprotocol` null: a client may offer none. */
export type SocketRow = Common & {
  readonly kind: 'socket';
  readonly method: 'GET';
  readonly audit?: string;
  readonly subprotocols: readonly string[];
};

export type Row = JsonRow | StreamRow | RedirectRow | PageRow | UploadRow | SocketRow;
export type Group = Readonly<Record<string, Row>>;

/** Keeps the literal types of a group of rows and checks that each is a whole row. */
export function rows<const T extends Group>(group: T): T {
  return group;
}

type Parsed<S> = S extends Schema ? z.output<S> : undefined;
type Sent<S> = S extends Schema ? z.input<S> : undefined;
type Field<R, K extends string> = R extends { readonly [P in K]: infer S } ? S : undefined;

/** What a handler gets: parsed. */
export interface Input<R extends Row> {
  readonly params: Parsed<Field<R, 'params'>>;
  readonly query: Parsed<Field<R, 'query'>>;
  readonly body: Parsed<Field<R, 'body'>>;
  /** The value of the row's cookie; null: the browser has none. */
  readonly cookie: R extends { readonly cookie: Cookie } ? string | null : undefined;
}
/** What it is said to be is not told: look at its bytes. */
export interface UploadedFile {
  readonly bytes: Uint8Array;
}
/** What the handler of an upload gets: the file, or the body that may stand for it. */
export type UploadInput<R extends UploadRow> =
  | (Omit<Input<R>, 'body'> & { readonly file: UploadedFile; readonly body: undefined })
  | (R extends { readonly body: Schema } ? Input<R> & { readonly file: null } : never);
type Given<R extends Row> = {
  params: Sent<Field<R, 'params'>>;
  query: Sent<Field<R, 'query'>>;
  body: Sent<Field<R, 'body'>>;
};
type Needed<T> = { readonly [K in keyof T as T[K] extends undefined ? never : K]: T[K] };
/** What a caller passes: only the parts the row has. */
export type Args<R extends Row> = Needed<Given<R>>;
type Answers<R> = R extends { readonly answer: infer A } ? A : never;

/** A refusal: one of the table's codes, with what the caller may need to know. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly fields?: readonly { readonly path: string; readonly message: string }[];
  /** Seconds, for `slow-down`. */
  readonly retryAfterS?: number;
}
/** What a handler of a JSON row answers: a success by status, or a refusal. Refusals are values, exceptions are bugs. */
export type Outcome<R extends Row> =
  | {
      [S in keyof Answers<R> & (200 | 201)]: { readonly status: S; readonly body: Sent<Answers<R>[S]> };
    }[keyof Answers<R> & (200 | 201)]
  | { readonly refuse: Refusal };

type NamesOf<G extends Group, K> = { [N in keyof G]: G[N] extends K ? N : never }[keyof G];
type JsonNames<G extends Group> = Exclude<NamesOf<G, JsonRow>, NamesOf<G, ExportRow>>;
/** A handler for every row of a group that answers JSON only, no more and no fewer. `Callers` says who calls, by the row's access. */
export type Handlers<G extends Group, Callers extends Record<Access, unknown>> = {
  readonly [N in JsonNames<G>]: (input: Input<G[N]>, caller: Callers[G[N]['access']]) => Promise<Outcome<G[N]>>;
};
/** A row whose every success is an `A`: what lets a client's answer be inferred from the row it calls. */
export interface Answering<A> {
  readonly answer: Readonly<Partial<Record<200 | 201, z.ZodType<A>>>>;
}
