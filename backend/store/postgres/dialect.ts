/** Kysely's PostgreSQL dialect, made to mean what the same query means in SQLite. */
import {
  ColumnDefinitionNode,
  OperatorNode,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  PrimitiveValueListNode,
  ValueListNode,
  type BinaryOperationNode,
  type DataTypeNode,
  type Dialect,
  type OperatorNode as Operator,
  type PostgresDialectConfig,
} from 'kysely';
import { isLike, LIKE_ESCAPE } from '../like.ts';
import { createDriver } from './driver.ts';

export function postgresDialect(config: PostgresDialectConfig): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => createDriver(config),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new Compiler(),
  };
}

/** SQLite compares text byte by byte, and its integers have 64 bits. */
const columnTypes: Readonly<Record<string, string>> = { text: 'text collate "C"', integer: 'bigint' };
/** SQLite's LIKE does not tell a to z from A to Z; under the collation above, this one tells all others apart as well. */
const likes: Readonly<Record<string, string>> = { like: 'ilike', 'not like': 'not ilike' };

/** A class because extending this one is Kysely's way to write SQL otherwise. */
class Compiler extends PostgresQueryCompiler {
  protected override visitDataType(node: DataTypeNode): void {
    const inColumn = this.parentNode !== undefined && ColumnDefinitionNode.is(this.parentNode);
    const other = inColumn ? columnTypes[node.dataType] : undefined;
    if (other === undefined) super.visitDataType(node);
    else this.append(other);
  }

  protected override visitOperator(node: Operator): void {
    this.append(likes[node.operator] ?? node.operator);
  }

  protected override visitBinaryOperation(node: BinaryOperationNode): void {
    const empty = membershipInNothing(node);
    if (empty !== null) return this.append(empty);
    super.visitBinaryOperation(node);
    if (isLike(node)) this.append(LIKE_ESCAPE);
  }
}

/** `in ()` is no SQL of PostgreSQL. Null: it is something else. */
function membershipInNothing({ operator, rightOperand: list }: BinaryOperationNode): 'true' | 'false' | null {
  const isEmpty = (PrimitiveValueListNode.is(list) || ValueListNode.is(list)) && list.values.length === 0;
  if (!isEmpty || !OperatorNode.is(operator)) return null;
  if (operator.operator === 'in') return 'false';
  return operator.operator === 'not in' ? 'true' : null;
}
