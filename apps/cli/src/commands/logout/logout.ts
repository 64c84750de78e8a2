import { defineCommand } from '../../command-line/command';
import { Failure } from '../../failures/failure';
import { endSignIn } from '../../sign-in/end-sign-in';

export const logout = defineCommand({
  words: ['logout'],
  summary: 'End the sign-in at a control plane, and forget it',
  details:
    'Whoever signed in with "keptn auth --sso" has the identity provider revoke what renews their token; the token itself ends within minutes. ' +
    'An API token stays valid: "keptn delete token" ends one. Without --context it is about the current context.',
  examples: [
    { command: 'keptn logout', says: 'Forget the current context' },
    { command: 'keptn logout --context=staging', says: 'Forget another one' },
  ],
  run: async (_input, session) => {
    const { current, contexts } = session.contexts.read();
    const name = session.options.context ?? session.environment.context ?? current;
    const context = name === undefined || !Object.hasOwn(contexts, name) ? undefined : contexts[name];
    if (name === undefined || context === undefined) {
      throw new Failure('notFound', 'nobody is logged in', { hint: '"keptn get contexts" lists the contexts.' });
    }
    const left = Object.fromEntries(Object.entries(contexts).filter(([each]) => each !== name));
    session.contexts.write({ contexts: left, ...(current !== undefined && current !== name && { current }) });
    if (context.signIn !== undefined && !(await endSignIn(context.signIn, session.providerConnection))) {
      session.output.warn(`${context.signIn.issuer} did not say that the sign-in is over; end it there.`);
    }
    session.output.say(`Logged out of ${context.endpoint}`);
    await session.output.done({ value: { context: name }, names: [`context/${name}`] });
  },
});
