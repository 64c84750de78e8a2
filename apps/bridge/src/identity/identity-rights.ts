/** A token of an identity provider, which ends soon, and what renews it. */
export interface IdentityRights {
  readonly kind: 'identity';
  readonly issuer: string;
  readonly token: string;
  /** When the token ends, in milliseconds since 1970. */
  readonly tokenUntil: number;
  readonly refreshToken?: string;
}
