import { defineCommand } from '../../command-line/command';
import { Failure } from '../../failures/failure';

export const deleteContext = defineCommand({
  words: ['delete', 'context'],
  summary: 'Forget a control plane and its API token',
  arguments: { name: { summary: 'Name of the context', completes: 'context' } },
  examples: [{ command: 'keptn delete context staging', says: 'Forget staging' }],
  run: async ({ name }, session) => {
    const { current, contexts } = session.contexts.read();
    if (!Object.hasOwn(contexts, name)) {
      throw new Failure('notFound', `No context ${name} found`, { hint: '"keptn get contexts" lists them.' });
    }
    const left = Object.fromEntries(Object.entries(contexts).filter(([each]) => each !== name));
    session.contexts.write({ contexts: left, ...(current !== undefined && current !== name && { current }) });
    session.output.say(`Context ${name} deleted`);
    await session.output.done({ value: { context: name }, names: [`context/${name}`] });
  },
});
