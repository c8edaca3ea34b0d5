/** The one place that lets `<style>` elements of libraries pass `style-src 'self' 'nonce-…'`: imported before anything else. */
const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');

/** The nonce of this load of the page. */
export const cspNonce = meta?.nonce ?? '';

const create = document.createElement.bind(document);
Object.defineProperty(document, 'createElement', {
  configurable: true,
  writable: true,
  value: (tag: string, options?: ElementCreationOptions) => {
    const element = create(tag, options);
    if (element instanceof HTMLStyleElement) element.nonce = cspNonce;
    return element;
  },
});
