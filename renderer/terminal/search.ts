/** Looking for text in the screen and its scrollback. */
import type { ISearchOptions, SearchAddon } from '@xterm/addon-search';
import { MATCH_COLORS, type Theme } from './color-scheme.ts';

export interface SearchQuery {
  readonly text: string;
  readonly matchCase: boolean;
  readonly wholeWord: boolean;
  readonly regex: boolean;
}
export const NO_QUERY: SearchQuery = { text: '', matchCase: false, wholeWord: false, regex: false };

/** `index` counts from 0; -1 when there are more matches than are counted. */
export type SearchResult =
  | { readonly at: 'nothing-asked' | 'no-match' | 'bad-pattern' }
  | { readonly at: 'found'; readonly index: number; readonly count: number };

export interface Search {
  /** While the person types: the nearest match upwards, for what is looked for was printed before. */
  look(query: SearchQuery): void;
  next(): void;
  previous(): void;
  /** Forgets the matches; what is found stays selected. */
  end(): void;
  dispose(): void;
}

interface SearchParts {
  readonly addon: Pick<SearchAddon, 'findNext' | 'findPrevious' | 'clearDecorations' | 'onDidChangeResults'>;
  readonly theme: () => Theme;
  readonly found: (result: SearchResult) => void;
}

export function createSearch({ addon, theme, found }: SearchParts): Search {
  let query = NO_QUERY;
  const results = addon.onDidChangeResults(({ resultIndex, resultCount }) => {
    if (query.text === '') return;
    found(resultCount === 0 ? { at: 'no-match' } : { at: 'found', index: resultIndex, count: resultCount });
  });
  const go = (find: 'findNext' | 'findPrevious', incremental: boolean): void => {
    if (query.text === '' || !isPattern(query)) return;
    addon[find](query.text, { ...options(query, theme()), incremental });
  };
  return {
    look(next) {
      // The addon keeps its matches while the text is the same, however it is looked for.
      if (next.text === query.text) addon.clearDecorations();
      query = next;
      if (query.text !== '' && isPattern(query)) return go('findPrevious', true);
      addon.clearDecorations();
      found({ at: query.text === '' ? 'nothing-asked' : 'bad-pattern' });
    },
    next: () => go('findNext', false),
    previous: () => go('findPrevious', false),
    end() {
      query = NO_QUERY;
      addon.clearDecorations();
    },
    dispose: () => results.dispose(),
  };
}

/** What the person sees of a result. */
export function countText(result: SearchResult): string {
  switch (result.at) {
    case 'nothing-asked':
      return '';
    case 'no-match':
      return 'No results';
    case 'bad-pattern':
      return 'Not a valid expression';
    case 'found':
      return result.index < 0 ? `${result.count}+ results` : `${result.index + 1} of ${result.count}`;
  }
}

function isPattern({ text, regex }: SearchQuery): boolean {
  if (!regex) return true;
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

function options({ matchCase, wholeWord, regex }: SearchQuery, theme: Theme): ISearchOptions {
  const { match, active, border } = MATCH_COLORS[theme];
  return {
    caseSensitive: matchCase,
    wholeWord,
    regex,
    decorations: {
      matchBackground: match,
      matchOverviewRuler: border,
      activeMatchBackground: active,
      activeMatchBorder: border,
      activeMatchColorOverviewRuler: border,
    },
  };
}
