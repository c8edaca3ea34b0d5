/** Whether a typed proxy can be one. Pure. */

const schemes = new Set(['http:', 'https:', 'socks5:', 'socks5h:', 'socks4:', 'socks:']);

/** A sentence about what is wrong; undefined when nothing is, or nothing was typed yet. */
export function proxyProblem(text: string): string | undefined {
  if (text === '') return undefined;
  const url = URL.parse(text);
  if (!url || !schemes.has(url.protocol)) return 'Write it as http://proxy.example.com:3128 or socks5://…';
  if (url.username || url.password)
    return 'A name and password do not belong here: this file is not a safe place for them.';
  return undefined;
}
