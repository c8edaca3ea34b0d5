import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PAGE_POLICY, renderPage } from './page.ts';

describe('a page', () => {
  it('shows text as it is, and obeys none of it', () => {
    const evil = `<script>alert('x')</script>&"`;
    const html = renderPage({ title: evil, sentences: [evil], action: { label: evil, href: `/x?a="onclick='y'` } });
    expect(html).not.toContain('<script');
    expect(html).not.toContain(`='y'`);
    expect(html.match(/&lt;script&gt;alert\(&#39;x&#39;\)&lt;\/script&gt;&amp;&quot;/g)).toHaveLength(4);
  });

  it('is allowed its own style, and nothing else', () => {
    const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(renderPage({ title: 'x', sentences: [] })) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(PAGE_POLICY).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });
});
