/** A provider: somebody else who knows the person, asked by way of the person's browser. */
import type { ErrorCode } from '../../../protocol/api/errors.ts';
import type { FlowSecrets } from './flow-secrets.ts';

/** Whom the provider says the person is. */
export interface Identity {
  /** Never changes, and is never given to another. */
  readonly subject: string;
  /** Null: the provider does not vouch for any. */
  readonly email: string | null;
  /** What the person is called there. */
  readonly name: string;
}
/** How the browser came back: the query of its address. */
export interface ComeBack {
  readonly code?: string | undefined;
  readonly state?: string | undefined;
  readonly iss?: string | undefined;
}
export type ProviderFault = Extract<ErrorCode, 'provider-failed'>;
export type Identified =
  { readonly ok: true; readonly identity: Identity } | { readonly ok: false; readonly code: ProviderFault };

export interface OnTheWay {
  readonly secrets: FlowSecrets;
  /** Where the provider sends the browser back to. */
  readonly redirectUri: string;
}
export interface ProviderClient {
  /** Null: the provider cannot be reached. */
  begin(way: OnTheWay): Promise<URL | null>;
  finish(comeBack: ComeBack, way: OnTheWay): Promise<Identified>;
}
/** Told of what went wrong between the servers, for the log. */
export type ProviderTrouble = (error: unknown) => void;
