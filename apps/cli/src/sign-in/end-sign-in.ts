import { askProvider, type ProviderConnection } from './provider-request';
import { type SignIn } from './sign-in';

/**
 * Has the provider revoke what renews the token (RFC 7009).
 *
 * @returns false when it did not say that it has
 */
export async function endSignIn(
  { clientId, refreshToken, revocationEndpoint: url }: SignIn,
  connection: ProviderConnection,
): Promise<boolean> {
  if (refreshToken === undefined || url === undefined) return true;
  const form = { client_id: clientId, token: refreshToken, token_type_hint: 'refresh_token' };
  return askProvider({ url, form }, connection).then(
    ({ status }) => status === 200,
    () => false,
  );
}
