/** LIKE as both engines are made to understand it: a to z in either case, `%` and `_`, and `\` before what stands for itself. */
import { OperatorNode, type BinaryOperationNode } from 'kysely';

/** Left out, SQLite has no escape and PostgreSQL has this one. */
export const LIKE_ESCAPE = String.raw` escape '\'`;

export function isLike({ operator }: BinaryOperationNode): boolean {
  return OperatorNode.is(operator) && ['like', 'not like'].includes(operator.operator);
}
