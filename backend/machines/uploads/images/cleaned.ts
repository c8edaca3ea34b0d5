/** An image taken apart and put together again: only of what shows the picture, without what else its file carried. */
export interface Cleaned {
  readonly width: number;
  readonly height: number;
  readonly parts: readonly Uint8Array[];
}
