/** What the doctor found of one thing: a sentence, and where it is not well one with what to do. */
export interface Finding {
  readonly check: string;
  /** `warning`: it runs, and will not for long, or not as one thinks. */
  readonly state: 'ok' | 'warning' | 'failed';
  readonly says: string;
  readonly remedy: string | null;
}

export function ok(check: string, says: string): Finding {
  return { check, state: 'ok', says, remedy: null };
}
export function warning(check: string, says: string, remedy: string): Finding {
  return { check, state: 'warning', says, remedy };
}
export function failed(check: string, says: string, remedy: string): Finding {
  return { check, state: 'failed', says, remedy };
}
