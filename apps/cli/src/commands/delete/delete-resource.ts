import { assertPlace, describePlace } from '../../api/resource-place';
import { defineCommand } from '../../command-line/command';
import { dryRunFlag, placeFlags } from '../../command-line/shared-flags';

export const deleteResource = defineCommand({
  words: ['delete', 'resource'],
  summary: 'Delete a resource of a project, a stage or a service',
  details: 'Git keeps its former versions.',
  arguments: { path: { summary: 'Path of the resource' } },
  flags: { ...placeFlags, dryRun: dryRunFlag },
  examples: [
    {
      command: 'keptn delete resource jmeter/load.jmx --project=sockshop --stage=dev --service=carts',
      says: 'A resource of a service',
    },
  ],
  run: async ({ path, dryRun, ...place }, session) => {
    assertPlace(place);
    const { configuration } = await session.connect({ dryRun });
    // Says that it is missing, in a dry run as well.
    await configuration.resource(place, path);
    await configuration.deleteResource(place, path);
    session.output.say(`Resource ${path} deleted from ${describePlace(place)}`);
    await session.output.done({ value: { resourceURI: path, ...place }, names: [`resource/${path}`] });
  },
});
