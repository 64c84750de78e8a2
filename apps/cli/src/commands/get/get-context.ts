import { defineCommand } from '../../command-line/command';

export const getContext = defineCommand({
  words: ['get', 'context'],
  aliases: ['contexts'],
  summary: 'List the control planes that "keptn auth" has stored',
  examples: [{ command: 'keptn get contexts', says: 'All contexts; the current one is marked' }],
  run: async (_, session) => {
    const { current, contexts } = session.contexts.read();
    const entries = Object.entries(contexts);
    await session.output.show({
      // Without the tokens: what is printed gets pasted somewhere.
      value: entries.map(([name, { endpoint }]) => ({ name, endpoint, current: name === current })),
      names: entries.map(([name]) => name),
      human:
        entries.length === 0
          ? 'No contexts found'
          : {
              columns: ['CURRENT', 'NAME', 'ENDPOINT'],
              rows: entries.map(([name, { endpoint }]) => [name === current ? '*' : '', name, endpoint]),
            },
    });
  },
});
