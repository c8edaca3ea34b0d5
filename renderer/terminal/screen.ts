/** What the stream needs of an emulator: bytes are drawn in the order they are given, and it says when. */

export interface Size {
  readonly cols: number;
  readonly rows: number;
}

export interface Screen {
  /** `drawn` comes when every byte given so far has been taken in. Empty `bytes` only wait for their turn. */
  write(bytes: Uint8Array, drawn: () => void): void;
  /** Which of its two screens the programs use now. */
  readonly alternate: boolean;
}
