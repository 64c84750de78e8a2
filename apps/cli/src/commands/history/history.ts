import { assertScope, describeScope, resourceUriOf } from '../../api/resource-scope';
import { defineCommand } from '../../command-line/command';
import { limitFlag, limitOf, scopeFlags } from '../../command-line/shared-flags';
import { Failure } from '../../failures/failure';
import { localTime } from '../../output/time';

const SHORT_ID = 10;

export const history = defineCommand({
  words: ['history'],
  summary: 'Show who changed the resources of a project, a stage or a service, when and why',
  arguments: { path: { optional: true, summary: 'Path of a resource or folder; everything unless given' } },
  flags: { ...scopeFlags, limit: limitFlag },
  examples: [
    { command: 'keptn history slo.yaml --project=sockshop --stage=dev --service=carts', says: 'The changes of a file' },
    {
      command: 'keptn history --project=sockshop --stage=dev -o json',
      says: 'All of a stage, with the full commit ids',
    },
  ],
  run: async ({ path, limit, ...scope }, session) => {
    assertScope(scope);
    const count = limitOf(limit);
    const { configuration } = await session.connect();
    const changes = await configuration.history(scope, path === undefined ? undefined : resourceUriOf(path), count);
    if (path !== undefined && changes.length === 0) {
      throw new Failure('notFound', `nothing called ${path} was ever in ${describeScope(scope)}`);
    }
    await session.output.show({
      value: changes,
      names: changes.map(({ version }) => version),
      human: {
        columns: ['COMMIT', 'TIME', 'AUTHOR', 'MESSAGE', 'KEPTN CONTEXT'],
        rows: changes.map(({ version, time, author, message, keptnContext = '' }) => [
          version.slice(0, SHORT_ID),
          localTime(new Date(time)),
          author.name,
          message.split('\n')[0] ?? '',
          keptnContext,
        ]),
      },
    });
  },
});
