/** Looks for text in the scrollback: what, how, how many, and from match to match. */
import { CaseSensitive, ChevronDown, ChevronUp, Regex, WholeWord, X } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { IconButton } from '../ui/icon-button.tsx';
import { TextField } from '../ui/text-field.tsx';
import type { LiveTerminal } from './live-terminal.ts';
import { countText, NO_QUERY, type SearchQuery } from './search.ts';

interface SearchBarProps {
  readonly live: LiveTerminal;
  /** Counts how often it was asked for: each time the field takes the focus. */
  readonly asked: number;
}

export function SearchBar({ live, asked }: SearchBarProps) {
  const field = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState(() => ({ ...NO_QUERY, text: live.selectedText() }));
  const found = useStore(live.store, (state) => state.found);
  const { search } = live;
  useEffect(() => {
    if (asked > 0) field.current?.select();
  }, [asked]);
  const first = useRef(query);
  useEffect(() => search.look(first.current), [search]);

  const change = (part: Partial<SearchQuery>): void => {
    const next = { ...query, ...part };
    setQuery(next);
    search.look(next);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') live.endSearch();
    else if (event.key === 'Enter' && event.shiftKey) search.next();
    else if (event.key === 'Enter') search.previous();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search className="terminal-search">
      <TextField
        ref={field}
        label="Find in the terminal"
        hideLabel
        placeholder="Find"
        value={query.text}
        onChange={(text) => change({ text })}
        onKeyDown={keys}
        trailing={<output className="terminal-search-count">{countText(found)}</output>}
      />
      <IconButton
        label="Match case"
        icon={<CaseSensitive />}
        size="sm"
        pressed={query.matchCase}
        onClick={() => change({ matchCase: !query.matchCase })}
      />
      <IconButton
        label="Whole word"
        icon={<WholeWord />}
        size="sm"
        pressed={query.wholeWord}
        onClick={() => change({ wholeWord: !query.wholeWord })}
      />
      <IconButton
        label="Regular expression"
        icon={<Regex />}
        size="sm"
        pressed={query.regex}
        onClick={() => change({ regex: !query.regex })}
      />
      <IconButton
        label="Previous match"
        icon={<ChevronUp />}
        size="sm"
        chord="Enter"
        onClick={() => search.previous()}
      />
      <IconButton
        label="Next match"
        icon={<ChevronDown />}
        size="sm"
        chord="Shift+Enter"
        onClick={() => search.next()}
      />
      <IconButton label="Close search" icon={<X />} size="sm" chord="Esc" onClick={() => live.endSearch()} />
    </search>
  );
}
