/** Numbers and times as people read them. Pure. */

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** `1.4 GB`; in steps of 1024, as the machines' own tools count. */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${byteUnits[unit] ?? 'PB'}`;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `5 d 12 h`, `3 h 20 min`, `12 min`, `40 s`: the two largest units that say something. */
export function duration(ms: number): string {
  const left = Math.max(0, ms);
  const days = Math.floor(left / DAY);
  const hours = Math.floor((left % DAY) / HOUR);
  const minutes = Math.floor((left % HOUR) / MINUTE);
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  if (minutes > 0) return `${minutes} min`;
  return `${Math.floor(left / SECOND)} s`;
}

/** `just now`, `5 min ago`, `3 h ago`, `2 d ago`. */
export function ago(iso: string, now: number): string {
  const age = now - Date.parse(iso);
  if (age < MINUTE) return 'just now';
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`;
  return `${Math.floor(age / DAY)} d ago`;
}

/** `now`, `in 12 s`, `in 3 min`: when something will be tried again. */
export function until(iso: string, now: number): string {
  const left = Date.parse(iso) - now;
  if (left < SECOND) return 'now';
  return left < MINUTE ? `in ${Math.ceil(left / SECOND)} s` : `in ${Math.ceil(left / MINUTE)} min`;
}

const clockTime = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
/** Day and time where the person is. */
export const dateTime = (iso: string): string => clockTime.format(new Date(iso));

/** `1 machine`, `3 machines`. */
export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
