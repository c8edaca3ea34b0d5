/** The API document as one page to browse: no script, nothing fetched from anywhere. */
import { escaped, htmlDocument, policyFor } from '../gateway/html.ts';
import type { Answer, OpenApi, Operation } from './openapi.ts';
import { schemaText } from './schema-text.ts';

const STYLE = `
  :root { color-scheme: light dark; --line: light-dark(#d9dbe6, #33364a); --dim: light-dark(#565a70, #a2a6bd); --accent: light-dark(#4a46c8, #a5a3ff); }
  body { margin: 0; font: 0.9375rem/1.55 system-ui, sans-serif; color: light-dark(#1c1e2b, #e6e7f0); background: light-dark(#fff, #15161f); }
  nav { position: fixed; inset: 0 auto 0 0; width: 15rem; overflow: auto; padding: 1.5rem; box-sizing: border-box; border-right: 1px solid var(--line); }
  nav a { display: block; padding: 0.2rem 0; color: inherit; text-decoration: none; }
  main { max-width: 52rem; margin-left: 15rem; padding: 1.5rem 2.5rem 4rem; }
  h1 { font-size: 1.5rem; margin: 0 0 0.25rem; } h2 { font-size: 1.125rem; margin: 2.5rem 0 0.5rem; }
  a { color: var(--accent); } a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  details { border-top: 1px solid var(--line); } details:last-child { border-bottom: 1px solid var(--line); }
  summary { padding: 0.5rem 0; cursor: pointer; } summary code { font-weight: 600; }
  .method { display: inline-block; width: 4rem; color: var(--accent); font: 600 0.8125rem ui-monospace, monospace; }
  .dim { color: var(--dim); } dl { display: grid; grid-template-columns: 8rem 1fr; gap: 0.25rem 1rem; margin: 0.5rem 0 1rem; } dt { color: var(--dim); } dd { margin: 0; min-width: 0; }
  pre { margin: 0; padding: 0.5rem 0.75rem; overflow: auto; background: light-dark(#f4f5fa, #1d1f2b); border-radius: 0.375rem; font-size: 0.8125rem; }
  @media (max-width: 48rem) { nav { position: static; width: auto; border: 0; } main { margin: 0; padding: 1rem; } }
`;

export const GUIDE_POLICY = policyFor(STYLE);

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

export function renderGuide(document: OpenApi): string {
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Entry => ({ method, path, operation })),
  );
  const groups = document.tags.map(({ name }) => name);
  const { title, version, description } = document.info;
  const body = `<nav aria-label="Groups">${groups.map((name) => `<a href="#${name}">${name}</a>`).join('')}<a href="/api/openapi.json">openapi.json</a></nav>
<main>
<h1>${escaped(title)}</h1>
<p class="dim">Version ${escaped(version)}. ${escaped(description)}</p>
<p>Send <code>Authorization: Bearer &lt;token&gt;</code> with whatever is not public. A refusal is <code>{"error", "code", "request_id"}</code>: decide by its code.</p>
${groups
  .map((name) =>
    section(
      name,
      entries.filter(({ operation }) => operation.tags[0] === name),
    ),
  )
  .join('\n')}
</main>`;
  return htmlDocument({ title, style: STYLE, body });
}

function section(name: string, entries: readonly Entry[]): string {
  return `<section><h2 id="${name}">${name}</h2>\n${entries.map(entryText).join('\n')}</section>`;
}

function entryText({ method, path, operation }: Entry): string {
  const lines = [
    line('Who', escaped(operation['x-access'])),
    line('Rate', escaped(operation['x-rate'])),
    ...(operation['x-audit'] === undefined ? [] : [line('Audit', `<code>${escaped(operation['x-audit'])}</code>`)]),
    ...operation.parameters.map(({ name, in: place, required, schema }) =>
      line(
        escaped(name) + (required ? '' : '?'),
        `<code>${escaped(schemaText(schema))}</code> <span class="dim">in the ${place}</span>`,
      ),
    ),
    ...bodies('Body', operation.requestBody?.content),
    ...Object.entries(operation.responses).flatMap(([status, answer]) => answerLines(status, answer)),
  ];
  return `<details id="${escaped(operation.operationId)}"><summary><span class="method">${method.toUpperCase()}</span><code>${escaped(path)}</code></summary><dl>${lines.join('')}</dl></details>`;
}

/** Of a refusal the codes say all; its body is always the same. */
function answerLines(status: string, { description, content }: Answer): string[] {
  const shown = Number(status) < 400 ? bodies(status, content) : [];
  return shown.length > 0 ? shown : [line(status, escaped(description))];
}

function bodies(term: string, content: Answer['content'] = {}): string[] {
  return Object.entries(content).map(([type, { schema }]) =>
    line(
      term,
      Object.keys(schema).length === 0
        ? `<code>${escaped(type)}</code>`
        : `<pre>${escaped(schemaText(schema))}</pre>${type === 'application/json' ? '' : `<span class="dim">${escaped(type)}</span>`}`,
    ),
  );
}

function line(term: string, html: string): string {
  return `<dt>${term}</dt><dd>${html}</dd>`;
}
