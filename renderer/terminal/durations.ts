/** Lengths of time as people say them. */

/** The two largest units that matter: `3 min 20 s`, `2 h 5 min`, `12 days`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(`${minutes} min`, seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return joined(`${hours} h`, minutes % 60, 'min');
  return `${Math.floor(hours / 24)} days`;
}

const joined = (large: string, rest: number, unit: string): string => (rest === 0 ? large : `${large} ${rest} ${unit}`);
