/** What the two services hand to the gateway: a handler for every row, no more and no fewer. */
import type { Readable } from 'node:stream';
import type { WebSocket } from 'ws';
import type {
  ExportRow,
  Group,
  Handlers,
  Input,
  Outcome,
  PageRow,
  RedirectRow,
  Refusal,
  Row,
  SocketRow,
  StreamRow,
  UploadInput,
  UploadRow,
} from '../../protocol/api/row.ts';
import type { GroupsOf, Service, Table } from '../../protocol/api/table.ts';
import type { Callers } from './caller.ts';
import type { Page } from './page.ts';

type Refused = { readonly refuse: Refusal };
/** A file, a recording, an export. The media type is the row's. */
export type StreamOutcome =
  { readonly body: string | Buffer | Readable; readonly headers?: Readonly<Record<string, string>> } | Refused;
/** What is asked for as a file, in the `format` that the row has a media type for. */
export interface FileOutcome<Format extends string> {
  readonly format: Format;
  readonly file: Readable;
  readonly headers: Readonly<Record<string, string>>;
}

/** The row's cookie from now on; null: the browser forgets it. Left out: it stays as it is. */
interface WithCookie {
  readonly cookie?: string | null;
}
/** `location`: a whole address, made of checked parts. */
export type RedirectOutcome = ({ readonly location: string } & WithCookie) | Refused;
export type PageOutcome<R extends Row> =
  RedirectOutcome | ({ readonly page: Page } & WithCookie) | (Outcome<R> & WithCookie);

/** `accept` is called once the socket is open; refused is refused before the upgrade, in plain HTTP. */
export type SocketOutcome = { readonly accept: (socket: WebSocket) => void } | Refused;
/** What was agreed on: one of the row's subprotocols, or null when the client offered none of them. */
export type Subprotocol = string | null;

type NamesOf<G extends Group, K> = { [N in keyof G]: G[N] extends K ? N : never }[keyof G];
type StreamHandlers<G extends Group> = {
  readonly [N in NamesOf<G, StreamRow>]: (
    input: Input<G[N]>,
    caller: Callers[G[N]['access']],
  ) => Promise<StreamOutcome>;
};
type UploadHandlers<G extends Group> = {
  readonly [N in NamesOf<G, UploadRow>]: (
    input: UploadInput<Extract<G[N], UploadRow>>,
    caller: Callers[G[N]['access']],
  ) => Promise<Outcome<G[N]>>;
};
type RedirectHandlers<G extends Group> = {
  readonly [N in NamesOf<G, RedirectRow>]: (
    input: Input<G[N]>,
    caller: Callers[G[N]['access']],
  ) => Promise<RedirectOutcome>;
};
type PageHandlers<G extends Group> = {
  readonly [N in NamesOf<G, PageRow>]: (
    input: Input<G[N]>,
    caller: Callers[G[N]['access']],
  ) => Promise<PageOutcome<G[N]>>;
};
type FormatOf<R> = R extends { readonly files: infer F } ? keyof F & string : never;
type ExportHandlers<G extends Group> = {
  readonly [N in NamesOf<G, ExportRow>]: (
    input: Input<G[N]>,
    caller: Callers[G[N]['access']],
  ) => Promise<Outcome<G[N]> | FileOutcome<FormatOf<G[N]>>>;
};
type SocketHandlers<G extends Group> = {
  readonly [N in NamesOf<G, SocketRow>]: (
    input: Input<G[N]>,
    caller: Callers[G[N]['access']],
    subprotocol: Subprotocol,
  ) => Promise<SocketOutcome>;
};
export type GroupHandlers<G extends Group> = Handlers<G, Callers> &
  ExportHandlers<G> &
  StreamHandlers<G> &
  UploadHandlers<G> &
  RedirectHandlers<G> &
  PageHandlers<G> &
  SocketHandlers<G>;
/** The handlers of the whole table, by group. */
export type TableHandlers = { readonly [G in keyof Table]: GroupHandlers<Table[G]> };
/** Those of the groups that one service answers. */
export type ServiceHandlers<S extends Service | 'each'> = Pick<TableHandlers, GroupsOf<S>>;
