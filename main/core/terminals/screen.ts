/** What the window was given of a session's output, and how much of that it has drawn. Offsets are the session's own. */

export interface Screen {
  /** The next byte wanted; null: a fresh screen. */
  readonly wanted: number | null;
  /** All below is drawn; null: nothing, on a fresh screen. */
  readonly consumed: number | null;
  /** Everything that came is drawn. */
  readonly idle: boolean;
  /** The window begins with this much drawn. */
  begin(consumed: number | null): void;
  /** Output goes on at `offset`, after a gap that the window states. */
  jump(offset: number): void;
  received(end: number): void;
  drawn(offset: number): void;
}

export function createScreen(): Screen {
  let wanted: number | null = null;
  let consumed: number | null = null;
  /** Once all before a gap is drawn, the gap counts as drawn too. */
  let gaps: { readonly from: number; readonly to: number }[] = [];

  const cross = (): void => {
    for (let [gap] = gaps; gap !== undefined && (consumed ?? 0) >= gap.from; [gap] = gaps) {
      consumed = Math.max(consumed ?? 0, gap.to);
      gaps.shift();
    }
  };
  return {
    get wanted() {
      return wanted;
    },
    get consumed() {
      return consumed;
    },
    get idle() {
      return consumed === wanted;
    },
    begin(from) {
      wanted = from;
      consumed = from;
      gaps = [];
    },
    jump(offset) {
      if (offset !== wanted) gaps.push({ from: wanted ?? 0, to: offset });
      wanted = offset;
      cross();
    },
    received(end) {
      wanted = end;
    },
    drawn(offset) {
      if (wanted === null || offset > wanted) return;
      consumed = Math.max(consumed ?? 0, offset);
      cross();
    },
  };
}
