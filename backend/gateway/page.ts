/** The few pages that a person's browser is shown: a title, sentences, at most one way on. Nothing in them runs. */
import { escaped, htmlDocument, policyFor } from './html.ts';

export interface Page {
  readonly title: string;
  /** Plain text: whatever stands in it is shown, never obeyed. */
  readonly sentences: readonly string[];
  readonly action?: { readonly label: string; readonly href: string };
}

const STYLE = `
  :root { color-scheme: light dark; }
  body { max-width: 28rem; margin: 20vh auto 0; padding: 0 1.5rem; font: 1rem/1.5 system-ui, sans-serif; }
  h1 { font-size: 1.25rem; }
  a { display: inline-block; margin-top: 1rem; padding: 0.5rem 1rem; border: 1px solid; border-radius: 0.375rem; color: inherit; }
`;

export const PAGE_POLICY = policyFor(STYLE);

export function renderPage({ title, sentences, action }: Page): string {
  const body = [
    `<h1>${escaped(title)}</h1>`,
    ...sentences.map((sentence) => `<p>${escaped(sentence)}</p>`),
    ...(action ? [`<a href="${escaped(action.href)}">${escaped(action.label)}</a>`] : []),
  ];
  return htmlDocument({ title, style: STYLE, body: `<main>${body.join('\n')}</main>` });
}
