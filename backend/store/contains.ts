/** Searching in text, the same in both engines: what is looked for stands for itself, and whatever the engine takes for upper and lower case is one. */
import { expressionBuilder, type Expression, type SqlBool } from 'kysely';

const eb = expressionBuilder();

/**
 * Whether one of the texts holds what is looked for; a null holds nothing, and who looks for nothing finds all. One after the other, until one
 * does: putting them together first takes longer than looking.
 */
export function contains(texts: readonly Expression<string | null>[], wanted: string): Expression<SqlBool> {
  if (wanted === '') return eb.and([]);
  const literally = wanted.replaceAll(/[\\%_]/gu, String.raw`\$&`);
  return eb.or(texts.map((text) => eb(text, 'like', `%${literally}%`)));
}

/** Whether a JSON array of texts, as `JSON.stringify` writes it, holds this one. (A lone comma would be found between two.) */
export function listContains(json: Expression<string>, item: string): Expression<SqlBool> {
  return eb(eb.fn<string>('replace', [json, eb.val(JSON.stringify(item)), eb.val('')]), '!=', json);
}
