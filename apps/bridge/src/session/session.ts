import { type IdentityRights } from '../identity/identity-rights';

/** Somebody who has signed in. */
export interface Session {
  /** Random; only there to end it. */
  readonly id: string;
  /** What the person is called where decisions are shown. */
  readonly name?: string;
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly rights: Rights;
}

/** With what the person's requests go to the API. */
export type Rights =
  | { readonly kind: 'token'; readonly token: string }
  /** User and password that were right; the mark changes with them. */
  | { readonly kind: 'password'; readonly mark: string }
  | IdentityRights;
