/** As much of the library, which brings no types, as `entra.ts` uses. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';

  export interface Context {
    path: string;
    body: unknown;
    readonly oidc?: { readonly route?: string };
    readonly response: { get(header: string): string; set(header: string, value: string): void };
  }
  export class Provider {
    constructor(issuer: string, configuration: object);
    use(middleware: (context: Context, next: () => Promise<void>) => Promise<void>): this;
    callback(): RequestListener;
  }
}
