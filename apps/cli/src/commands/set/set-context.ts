import { defineCommand } from '../../command-line/command';
import { Failure } from '../../failures/failure';

export const setContext = defineCommand({
  words: ['set', 'context'],
  summary: 'Make a stored context the current one',
  arguments: { name: { summary: 'Name of the context', completes: 'context' } },
  examples: [{ command: 'keptn set context staging', says: 'Use staging from now on' }],
  run: async ({ name }, session) => {
    const { contexts } = session.contexts.read();
    if (!Object.hasOwn(contexts, name)) {
      throw new Failure('notFound', `No context ${name} found`, { hint: '"keptn get contexts" lists them.' });
    }
    session.contexts.write({ current: name, contexts });
    session.output.say(`Context ${name} is the current one`);
    await session.output.done({ value: { context: name }, names: [`context/${name}`] });
  },
});
