import type { ResourceTree } from '@keptn/api-models';
import { assertScope, describeScope, resourceUriOf } from '../../api/resource-scope';
import { defineCommand } from '../../command-line/command';
import { type Session } from '../../command-line/session';
import { scopeFlags } from '../../command-line/shared-flags';
import { UsageFailure } from '../../failures/failure';

export const getResource = defineCommand({
  words: ['get', 'resource'],
  aliases: ['resources'],
  summary: 'List the resources of a project, a stage or a service, or print one',
  details:
    'The content of one is printed as it is, byte by byte; -o json shows it in base64, with the commit that it is from.',
  arguments: { path: { optional: true, summary: 'Path of the resource, e.g. jmeter/load.jmx' } },
  flags: {
    ...scopeFlags,
    all: { summary: 'List those of all stages and services of the project as well' },
    version: { value: 'commit', summary: 'Print it as it was at this commit, as "keptn history" shows it' },
  },
  examples: [
    { command: 'keptn get resources --project=sockshop --stage=dev --service=carts', says: 'What is there' },
    { command: 'keptn get resources --project=sockshop --all', says: 'What is there in the whole project' },
    {
      command: 'keptn get resource slo.yaml --project=sockshop --stage=dev --service=carts > slo.yaml',
      says: 'The content of one',
    },
  ],
  run: async ({ path, version, all, ...scope }, session) => {
    assertScope(scope);
    const { configuration } = await session.connect();
    if (all) {
      if (path !== undefined || scope.stage !== undefined) {
        throw new UsageFailure('--all lists a whole project', 'Leave out the path, --stage and --service.');
      }
      await showTree(await configuration.resourceTree(scope.project), session);
      return;
    }
    if (path === undefined) {
      const paths = await configuration.resourcePaths(scope);
      await session.output.show({
        value: paths.map((resourceURI) => ({ resourceURI })),
        names: paths.map((each) => `resource/${each}`),
        human:
          paths.length === 0
            ? `No resources found for ${describeScope(scope)}`
            : { columns: ['PATH'], rows: paths.map((each) => [each]) },
      });
      return;
    }
    const resource = await configuration.resource(scope, resourceUriOf(path), version);
    if (session.output.isForPeople) {
      session.output.raw(Buffer.from(resource.resourceContent, 'base64'));
    } else {
      await session.output.show({ value: resource, human: '', names: [`resource/${path}`] });
    }
  },
});

async function showTree(tree: ResourceTree, session: Session): Promise<void> {
  const branches = [{ stageName: '', ...tree.project }, ...tree.stages];
  await session.output.show({
    value: tree,
    names: branches.flatMap(({ stageName, resources }) => resources.map((path) => `resource/${stageName}/${path}`)),
    human: {
      columns: ['STAGE', 'PATH'],
      rows: branches.flatMap(({ stageName, resources }) => resources.map((path) => [stageName, path])),
    },
  });
}
