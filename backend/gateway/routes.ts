/** The table and its handlers, row by row: what the gateway serves or hands on, and nothing else. */
import type { Readable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Group, Refusal, Row } from '../../protocol/api/row.ts';
import { table } from '../../protocol/api/table.ts';
import type { Visitor } from './caller.ts';
import type { FileOutcome, Subprotocol, TableHandlers } from './handlers.ts';
import type { Page } from './page.ts';
import type { AnyInput } from './parse-input.ts';

/** What any handler may answer. Which of these, its row's kind says. */
export type AnyOutcome =
  | { readonly refuse: Refusal }
  | { readonly status: 200 | 201; readonly body: unknown; readonly cookie?: string | null }
  | { readonly location: string; readonly cookie?: string | null }
  | { readonly page: Page; readonly cookie?: string | null }
  | { readonly body: string | Buffer | Readable; readonly headers?: Readonly<Record<string, string>> }
  | FileOutcome<string>
  | { readonly accept: (socket: WebSocket) => void };

/** A handler whose row is known only as it runs; each was checked against its row where it was written. */
interface Handling {
  handle(input: AnyInput, caller: Visitor, subprotocol: Subprotocol): Promise<AnyOutcome>;
}
interface Named {
  /** `machines.list`: in logs and metrics. */
  readonly name: string;
  readonly row: Row;
}
export interface OwnRoute extends Named {
  readonly handle: Handling['handle'];
}
/** Null: the other service answers it. */
export interface OtherRoute extends Named {
  readonly handle: null;
}
export type Route = OwnRoute | OtherRoute;

/** The rows of the groups that have handlers here. */
export function ownRoutes(handlers: Partial<TableHandlers>): readonly OwnRoute[] {
  const byGroup: Readonly<Record<string, Readonly<Record<string, Handling['handle']>> | undefined>> = handlers;
  return namedRows().flatMap(({ group, key, ...named }) => {
    const ofGroup = byGroup[group];
    if (!ofGroup) return [];
    const handle = ofGroup[key];
    if (!handle) throw new Error(`no handler for ${named.name}`);
    return [{ ...named, handle }];
  });
}

/** The rows of all other groups. */
export function otherRoutes(handlers: Partial<TableHandlers>): readonly OtherRoute[] {
  return namedRows().flatMap(({ group, name, row }) => (group in handlers ? [] : [{ name, row, handle: null }]));
}

function namedRows(): readonly (Named & { readonly group: string; readonly key: string })[] {
  const groups: Readonly<Record<string, Group>> = table;
  return Object.entries(groups).flatMap(([group, rows]) =>
    Object.entries(rows).map(([key, row]) => ({ group, key, name: `${group}.${key}`, row })),
  );
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}
/** Every route of this path, whatever its method. Null: the path cannot be read. */
export type Matcher = (pathname: string) => readonly Match[] | null;

export function createMatcher(routes: readonly Route[]): Matcher {
  const patterns = routes.map((route) => ({ route, segments: route.row.path.split('/') }));
  return (pathname) => {
    const given = decoded(pathname.split('/'));
    if (!given) return null;
    return patterns.flatMap(({ route, segments }) => {
      const params = matchSegments(segments, given);
      return params ? [{ route, params }] : [];
    });
  };
}

function matchSegments(pattern: readonly string[], given: readonly string[]): Record<string, string> | null {
  if (pattern.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [i, wanted] of pattern.entries()) {
    const got = given[i] ?? '';
    if (wanted.startsWith(':') && got !== '') params[wanted.slice(1)] = got;
    else if (wanted !== got) return null;
  }
  return params;
}

function decoded(segments: readonly string[]): readonly string[] | null {
  try {
    return segments.map((segment) => decodeURIComponent(segment));
  } catch {
    return null;
  }
}
