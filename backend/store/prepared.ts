/**
 * Queries that are asked at nearly every request: built once for each way of narrowing them, and asked with the values of each
 * request. Building one takes several times as long as SQLite takes to answer it.
 */
import { ExpressionWrapper, ValueNode, type CompiledQuery, type Expression } from 'kysely';
import type { PortalRole } from '../../protocol/api/values.ts';
import type { Bindable } from './bindable.ts';
import type { Reach } from './reach.ts';
import type { Reads } from './store.ts';

type Values = Readonly<Record<string, Bindable>>;
/** Stands in a query for the value of this name. */
export type ValueOf<V> = <K extends keyof V & string>(name: K) => Expression<V[K]>;

/** Begins what stands for a value: `bindable` lets no text with a NUL through to either engine, so it cannot be asked as it is, nor be a value. */
const BLANK = '\0';
const OWN_ORGANIZATION = `${BLANK}own organization`;
const OWN_USER = `${BLANK}own user`;

interface Query<Row> {
  compile(): CompiledQuery<Row>;
  execute(): Promise<Row[]>;
}
type Ask<T, V, Row> = (read: Reads<T>, values: V) => Promise<readonly Row[]>;

/** `build`: depends on nothing but what it is handed. */
export function prepared<T, V extends Values, Row>(
  build: (read: Reads<T>, value: ValueOf<V>) => Query<Row>,
): Ask<T, V, Row> {
  const built = new WeakMap<Reads<T>, CompiledQuery<Row>>();
  return async (read, values) => {
    const { shelf } = read;
    if (!shelf) return build(read, (name) => valueExpression(values[name])).execute();
    const query = built.get(shelf.blank) ?? build(shelf.blank, (name) => valueExpression(BLANK + name)).compile();
    built.set(shelf.blank, query);
    const { rows } = await shelf.ask<Row>({ ...query, parameters: filled(query.parameters, values, shelf.own) });
    return rows;
  };
}

function valueExpression<Value>(value: unknown): Expression<Value> {
  return new ExpressionWrapper<never, never, Value>(ValueNode.create(value));
}

function filled(parameters: readonly unknown[], values: Values, own: Values): readonly unknown[] {
  return parameters.map((parameter) => {
    if (typeof parameter !== 'string' || !parameter.startsWith(BLANK)) return parameter;
    return own[parameter] ?? values[parameter.slice(BLANK.length)];
  });
}

/** A reach of nobody, as wide as one of this role; null: all of the organization. */
export function blankReach(role: PortalRole | null): Reach {
  return { organizationId: OWN_ORGANIZATION, viewer: role && { role, userId: OWN_USER } };
}

export function ownValues({ organizationId, viewer }: Reach): Values {
  return { [OWN_ORGANIZATION]: organizationId, ...(viewer && { [OWN_USER]: viewer.userId }) };
}
