/** A browser as far as signing in needs one: it goes where it is sent, keeps cookies by path, and shows what it comes to. */
export interface Visit {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}
export interface Browser {
  /** Follows redirects until something is shown, or `until` says stop: then the address it would have gone to. */
  open(url: string, until?: (url: string) => boolean): Promise<Visit>;
  /** Sends a form of the page it is on. */
  submit(url: string, fields: Readonly<Record<string, string>>, until?: (url: string) => boolean): Promise<Visit>;
  /** What it sends to this address. */
  cookiesFor(url: string): string;
}

interface Kept {
  readonly host: string;
  readonly path: string;
  readonly name: string;
  readonly value: string;
}
interface Form {
  readonly method: 'POST';
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}
const MOST_REDIRECTS = 20;

export function openBrowser(): Browser {
  let kept: Kept[] = [];
  const cookiesFor = (url: string): string => {
    const { host, pathname } = new URL(url);
    const sent = kept.filter((one) => one.host === host && isBelow(pathname, one.path));
    return sent.map(({ name, value }) => `${name}=${value}`).join('; ');
  };
  const keep = (url: string, header: string): void => {
    const { host } = new URL(url);
    const [pair = '', ...attributes] = header.split(/; */);
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    const path = attributes.find((one) => /^path=/i.test(one))?.slice('path='.length) ?? '/';
    kept = kept.filter((one) => one.host !== host || one.path !== path || one.name !== name);
    if (value !== '' && !attributes.some((one) => /^max-age=0$/i.test(one))) kept.push({ host, path, name, value });
  };
  const ask = async (url: string, init: Form | null): Promise<Response> => {
    const headers = { 'user-agent': 'Mozilla/5.0 (a test)', accept: 'text/html', cookie: cookiesFor(url) };
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...headers, ...init?.headers } });
    for (const header of response.headers.getSetCookie()) keep(url, header);
    return response;
  };
  const follow = async (first: string, init: Form | null, until: (url: string) => boolean): Promise<Visit> => {
    let [url, response] = [first, await ask(first, init)];
    for (let i = 0; i < MOST_REDIRECTS; i++) {
      const location = response.headers.get('location');
      if (location === null) break;
      url = new URL(location, url).href;
      if (until(url)) break;
      response = await ask(url, null);
    }
    return { url, status: response.status, headers: response.headers, text: await response.text() };
  };
  return {
    cookiesFor,
    open: (url, until = () => false) => follow(url, null, until),
    submit: (url, fields, until = () => false) =>
      follow(
        url,
        {
          method: 'POST',
          body: new URLSearchParams(fields).toString(),
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        },
        until,
      ),
  };
}

function isBelow(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}
