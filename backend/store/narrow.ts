/**
 * Rewrites every query of a caller so that it reaches one organization only, and there only what the caller may see.
 * A handler that forgets the organization still cannot leak; a query whose reach is not understood is refused.
 */
import {
  AliasNode,
  AndNode,
  ColumnNode,
  IdentifierNode,
  OnNode,
  OperationNodeTransformer,
  ParensNode,
  PrimitiveValueListNode,
  SelectQueryNode,
  TableNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
  WhereNode,
  type DeleteQueryNode,
  type InsertQueryNode,
  type JoinNode,
  type KyselyPlugin,
  type OnConflictNode,
  type OperationNode,
  type QueryId,
  type RawNode,
  type UpdateQueryNode,
  type ValuesItemNode,
} from 'kysely';
import { isWritable, withinReach, type Reach } from './reach.ts';

const ORGANIZATION = 'organization_id';
const QUERIES: readonly string[] = ['SelectQueryNode', 'InsertQueryNode', 'UpdateQueryNode', 'DeleteQueryNode'];
/** The only SQL that Kysely itself writes as text into queries like these. */
const OWN_TEXT: readonly string[] = ['asc', 'desc', 'true'];

/** The plugin that keeps queries within reach. */
export function narrow(reach: Reach): KyselyPlugin {
  let narrower: Narrower | null = null;
  return {
    transformQuery: ({ node, queryId }) => {
      narrower ??= new Narrower(reach); // takes as long as a small query, and many callers ask none of their own
      return QUERIES.includes(node.kind) ? narrower.transformNode(node, queryId) : refuse(node.kind);
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
}

function refuse(what: string): never {
  throw new Error(`a query within an organization cannot use ${what}`);
}

/** A class because extending this one is Kysely's way to rewrite a query. */
class Narrower extends OperationNodeTransformer {
  readonly #reach: Reach;

  constructor(reach: Reach) {
    super();
    this.#reach = reach;
  }

  protected override transformSelectQuery(node: SelectQueryNode, queryId?: QueryId): SelectQueryNode {
    if (node.with) refuse('with');
    const inner = super.transformSelectQuery(node, queryId);
    const conditions = (inner.from?.froms ?? []).map((from) => this.#condition(from));
    return { ...inner, ...limited(inner.where, conditions) };
  }

  protected override transformJoin(node: JoinNode, queryId?: QueryId): JoinNode {
    // Other joins keep rows whose condition does not hold.
    if (node.joinType !== 'InnerJoin' && node.joinType !== 'LeftJoin') refuse(node.joinType);
    const inner = super.transformJoin(node, queryId);
    const on = allOf(inner.on?.on, [this.#condition(inner.table)]);
    return on ? { ...inner, on: OnNode.create(on) } : inner;
  }

  protected override transformUpdateQuery(node: UpdateQueryNode, queryId?: QueryId): UpdateQueryNode {
    if (node.with ?? node.from ?? node.joins) refuse('update from');
    const inner = super.transformUpdateQuery(node, queryId);
    return { ...inner, ...limited(inner.where, [this.#written(inner.table)]) };
  }

  protected override transformDeleteQuery(node: DeleteQueryNode, queryId?: QueryId): DeleteQueryNode {
    if (node.with ?? node.using ?? node.joins) refuse('delete using');
    const inner = super.transformDeleteQuery(node, queryId);
    return {
      ...inner,
      ...limited(
        inner.where,
        inner.from.froms.map((from) => this.#written(from)),
      ),
    };
  }

  protected override transformInsertQuery(node: InsertQueryNode, queryId?: QueryId): InsertQueryNode {
    const { columns, rows } = plainInsert(node);
    const inner = super.transformInsertQuery(node, queryId);
    const condition = this.#written(inner.into);
    return {
      ...inner,
      columns: [...columns, ColumnNode.create(ORGANIZATION)],
      values: ValuesNode.create(rows.map((row) => this.#owned(row, queryId))),
      ...(inner.onConflict?.updates && { onConflict: limitedUpdate(inner.onConflict, condition) }),
    };
  }

  protected override transformRaw(node: RawNode, queryId?: QueryId): RawNode {
    const [text = '', ...more] = node.sqlFragments;
    if (more.length > 0 || !OWN_TEXT.includes(text)) refuse('raw SQL');
    return super.transformRaw(node, queryId);
  }

  #owned(row: ValuesItemNode, queryId?: QueryId): ValuesItemNode {
    const { organizationId } = this.#reach;
    return ValueListNode.is(row)
      ? ValueListNode.create([...super.transformValueList(row, queryId).values, ValueNode.create(organizationId)])
      : PrimitiveValueListNode.create([...row.values, organizationId]);
  }

  #written(node: OperationNode | undefined): OperationNode | null {
    const named = node ? tableOf(node) : null;
    if (!named || !isWritable(named.table)) return refuse(`a write to ${named?.table ?? 'this'}`);
    return this.#condition(node);
  }

  /** Null: nothing to add, a subquery is narrowed by itself. */
  #condition(node: OperationNode | undefined): OperationNode | null {
    if (node && AliasNode.is(node) && SelectQueryNode.is(node.node)) return null;
    const named = node ? tableOf(node) : null;
    const condition = named && withinReach(named.table, named.alias, this.#reach);
    return condition ? condition.toOperationNode() : refuse(named?.table ?? 'this');
  }
}

/** Rows of values and nothing else: what else an insert can say could bring in, or replace, rows out of reach. */
function plainInsert(node: InsertQueryNode): { columns: readonly ColumnNode[]; rows: readonly ValuesItemNode[] } {
  const { columns = [], values } = node;
  if ([node.with, node.replace, node.onDuplicateKey, node.orAction].some(Boolean)) refuse('replace');
  if (!values || !ValuesNode.is(values)) return refuse('insert without values');
  if (columns.some(({ column }) => column.name === ORGANIZATION)) refuse(ORGANIZATION);
  return { columns, rows: values.values };
}

function tableOf(node: OperationNode): { table: string; alias: string } | null {
  if (TableNode.is(node) && !node.table.schema) {
    const table = node.table.identifier.name;
    return { table, alias: table };
  }
  if (!AliasNode.is(node) || !IdentifierNode.is(node.alias)) return null;
  const named = tableOf(node.node);
  return named && { table: named.table, alias: node.alias.name };
}

function allOf(
  given: OperationNode | undefined,
  conditions: readonly (OperationNode | null)[],
): OperationNode | undefined {
  return conditions
    .filter((condition) => condition !== null)
    .reduce((all, condition) => (all ? AndNode.create(ParensNode.create(all), condition) : condition), given);
}

function limited(where: WhereNode | undefined, conditions: readonly (OperationNode | null)[]): { where?: WhereNode } {
  const all = allOf(where?.where, conditions);
  return all ? { where: WhereNode.create(all) } : {};
}

/** An upsert meets the row that is there: it may be another organization's. */
function limitedUpdate(node: OnConflictNode, condition: OperationNode | null): OnConflictNode {
  const all = allOf(node.updateWhere?.where, [condition]);
  return all ? { ...node, updateWhere: WhereNode.create(all) } : node;
}
