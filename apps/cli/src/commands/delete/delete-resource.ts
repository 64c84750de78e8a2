import { assertScope, describeScope, resourceUriOf } from '../../api/resource-scope';
import { defineCommand } from '../../command-line/command';
import { dryRunFlag, messageFlag, scopeFlags } from '../../command-line/shared-flags';

export const deleteResource = defineCommand({
  words: ['delete', 'resource'],
  summary: 'Delete a resource of a project, a stage or a service',
  details: 'Git keeps its former versions.',
  arguments: { path: { summary: 'Path of the resource' } },
  flags: { ...scopeFlags, message: messageFlag, dryRun: dryRunFlag },
  examples: [
    {
      command: 'keptn delete resource jmeter/load.jmx --project=sockshop --stage=dev --service=carts',
      says: 'A resource of a service',
    },
  ],
  run: async ({ path: given, message, dryRun, ...scope }, session) => {
    assertScope(scope);
    const path = resourceUriOf(given);
    const { configuration } = await session.connect({ dryRun });
    // Says that it is missing, in a dry run as well.
    await configuration.resource(scope, path);
    await configuration.deleteResource(scope, path, message);
    session.output.say(`Resource ${path} deleted from ${describeScope(scope)}`);
    await session.output.done({ value: { resourceURI: path, ...scope }, names: [`resource/${path}`] });
  },
});
