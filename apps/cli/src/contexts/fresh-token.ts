import { Failure } from '../failures/failure';
import { askProvider, type ProviderConnection } from '../sign-in/provider-request';
import { type SignedIn, signedIn } from '../sign-in/sign-in';
import { type ActiveContext } from './active-context';
import { type Context, type ContextsFile } from './contexts-file';

/** A token that ends within this time is renewed before it is used, in milliseconds. */
const EARLY_MS = 30_000;

type UsedContext = Pick<ActiveContext, 'name' | 'signIn' | 'token'>;

/**
 * The token of a context, renewed and stored when somebody has signed in and it is about to end. Another command may do the same at this
 * moment; a provider takes a refresh token once, so that the one that comes late uses what the other has stored.
 *
 * @throws Failure when the sign-in has ended
 */
export async function freshToken(
  context: UsedContext,
  file: ContextsFile,
  connection: ProviderConnection,
): Promise<string> {
  const latest = isFresh(context) ? context : storedIn(file, context);
  const { signIn, token } = latest;
  if (signIn === undefined || isFresh(latest)) return token;
  const { tokenEndpoint, clientId, refreshToken } = signIn;
  if (refreshToken === undefined) throw new SignInEnded();
  const form = { grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken };
  const answer = await askProvider({ url: tokenEndpoint, form }, connection);
  if (answer.status === 200) {
    const renewed = signedIn(signIn, answer);
    store(file, context, renewed);
    return renewed.token;
  }
  const other = storedIn(file, context);
  if (other.token === token || !isFresh(other)) throw new SignInEnded();
  return other.token;
}

class SignInEnded extends Failure {
  constructor() {
    super('notAuthenticated', 'the sign-in has ended', { hint: 'Sign in again with "keptn auth --sso".' });
  }
}

const isFresh = ({ signIn }: Pick<Context, 'signIn'>): boolean =>
  signIn === undefined || signIn.expiresAt - Date.now() > EARLY_MS;

const storedIn = (file: ContextsFile, context: UsedContext): Pick<Context, 'signIn' | 'token'> =>
  (context.name === undefined ? undefined : file.read().contexts[context.name]) ?? context;

function store(file: ContextsFile, { name }: UsedContext, renewed: SignedIn): void {
  const { contexts, ...rest } = file.read();
  const before = name === undefined ? undefined : contexts[name];
  if (name === undefined || before === undefined) return;
  file.write({ ...rest, contexts: { ...contexts, [name]: { ...before, ...renewed } } });
}
