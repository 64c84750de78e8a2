import { resolve } from 'node:path';
import { defineCommand } from '../../command-line/command';
import { type Session } from '../../command-line/session';
import { assertContextName, canonicalEndpoint, DEFAULT_CONTEXT } from '../../contexts/active-context';
import { type Context } from '../../contexts/contexts-file';
import { Failure, UsageFailure } from '../../failures/failure';
import { askSecret } from '../../input/ask-secret';
import { readInput } from '../../input/read-input';
import { decodeText } from '../../input/text';
import { signInByDevice } from '../../sign-in/device-flow';
import { authenticate } from './authenticate';
import { chooseProvider } from './choose-provider';

export const auth = defineCommand({
  words: ['auth'],
  summary: 'Authenticate against a control plane, and remember it',
  details:
    'Endpoint and token are tested, then stored in ~/.keptn/contexts.json, which only you can read. Without --api-token ' +
    'the token is read from stdin, or asked for at a terminal, so that it stands in no history and no list of processes. ' +
    'With --sso you sign in at your identity provider, in a browser on any machine; the token is then renewed by itself. ' +
    'With --context several control planes can be remembered; the last one becomes the current one.',
  flags: {
    endpoint: { short: 'e', value: 'url', summary: 'Address of the API, e.g. https://keptn.example.com/api' },
    apiToken: { short: 'a', value: 'token', summary: 'API token; better given on stdin or when asked' },
    sso: { summary: 'Sign in at an identity provider of the control plane' },
    identityProvider: { value: 'name', summary: 'Which one, where there are several' },
  },
  examples: [
    { command: 'keptn auth --endpoint=https://keptn.example.com/api', says: 'The token is asked for' },
    { command: 'keptn auth --endpoint=http://localhost:8080/api < .keptn/token', says: 'The token comes from a file' },
    {
      command: 'keptn auth --context=staging --endpoint=https://staging.example.com/api --ca-file=ca.pem',
      says: 'A further context, behind a certificate authority of your own',
    },
    { command: 'keptn auth --endpoint=https://keptn.example.com/api --sso', says: 'Sign in as yourself' },
  ],
  run: async ({ endpoint, apiToken, sso, identityProvider }, session) => {
    const name = session.options.context ?? DEFAULT_CONTEXT;
    assertContextName(name);
    const address = canonicalEndpoint(endpoint ?? knownEndpoint(name, session));
    const context = sso
      ? await signedInContext(trusting({ endpoint: address, token: NO_TOKEN }, session), identityProvider, session)
      : trusting({ endpoint: address, token: apiToken ?? (await readToken(session)) }, session);
    assertToken(context.token);
    // As it is: renewed before it is stored, what renews it would be lost.
    const { signIn: _signIn, ...tested } = context;
    await authenticate(tested, session);
    const { contexts } = session.contexts.read();
    session.contexts.write({ current: name, contexts: { ...contexts, [name]: context } });
    session.output.say(`Successfully authenticated against the Keptn cluster ${address}`);
    await session.output.done({ value: { context: name, endpoint: address }, names: [`context/${name}`] });
  },
});

/** Before somebody has signed in. */
const NO_TOKEN = 'none';

/** @throws Failure when nobody signs in */
async function signedInContext(context: Context, name: string | undefined, session: Session): Promise<Context> {
  const { access } = await session.connectTo(context);
  const provider = chooseProvider(await access.identityProviders(), name);
  const signedIn = await signInByDevice(provider, session.providerConnection, ({ address, code }) => {
    session.output.ask(`Open ${address} in a browser, and confirm the code ${code}`);
  });
  return { ...context, ...signedIn };
}

/** @throws UsageFailure when nothing says where the server is */
function knownEndpoint(name: string, { environment, contexts }: Session): string {
  const endpoint = environment.endpoint ?? contexts.read().contexts[name]?.endpoint;
  if (endpoint === undefined) {
    throw new UsageFailure(
      '--endpoint is missing',
      'It is the address of the API, e.g. https://keptn.example.com/api.',
    );
  }
  return endpoint;
}

async function readToken({ environment, signal }: Session): Promise<string> {
  if (environment.apiToken !== undefined) {
    return environment.apiToken;
  }
  return process.stdin.isTTY
    ? askSecret('API token: ', signal)
    : decodeText(await readInput('-', signal), 'the input').trim();
}

/** A token goes into a header: anything else would fail later, and less clearly. */
function assertToken(token: string): void {
  if (token === '') {
    throw new UsageFailure('there is no API token', 'Give it on stdin, at the terminal, or with --api-token.');
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new Failure('usage', 'the API token has characters that no token has: was a wrong file read?');
  }
}

function trusting(context: Context, { options }: Session): Context {
  return {
    ...context,
    ...(options.caFile !== undefined && { caFile: resolve(options.caFile) }),
    ...(options.insecure && { insecure: true }),
  };
}
