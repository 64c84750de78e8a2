import { basename, isAbsolute, normalize, relative, sep } from 'node:path';
import { assertScope, describeScope, resourceUriOf } from '../../api/resource-scope';
import { defineCommand } from '../../command-line/command';
import { dryRunFlag, messageFlag, scopeFlags } from '../../command-line/shared-flags';
import { UsageFailure } from '../../failures/failure';
import { readBase64 } from '../../input/read-input';

export const addResource = defineCommand({
  words: ['add-resource'],
  summary: 'Upload a file to a project, a stage or a service',
  details: 'A file that has this content already makes no new version.',
  flags: {
    ...scopeFlags,
    resource: { short: 'r', value: 'file', required: true, completes: 'file', summary: 'File to upload; - for stdin' },
    resourceUri: {
      long: 'resourceUri',
      value: 'path',
      summary: 'Path of the resource; that of the file below the current folder unless given',
    },
    message: messageFlag,
    dryRun: dryRunFlag,
  },
  examples: [
    {
      command: 'keptn add-resource --project=sockshop --stage=dev --service=carts --resource=jmeter/load.jmx',
      says: 'A test of a service in a stage',
    },
    {
      command: 'keptn add-resource -p sockshop -s dev --service carts -r slo-dev.yaml --resourceUri=slo.yaml',
      says: 'Under another name',
    },
    {
      command: 'keptn add-resource --project=sockshop --resource=shipyard.yaml',
      says: 'A new shipyard for the project',
    },
  ],
  run: async ({ resource, resourceUri, message, dryRun, ...scope }, session) => {
    assertScope(scope);
    const uri = resourceUriOf(resourceUri ?? standardUriOf(resource));
    const content = await readBase64(resource, session.signal);
    const { configuration } = await session.connect({ dryRun });
    session.output.say(`Adding resource ${resource} to ${describeScope(scope)}`);
    const { version } = await configuration.addResources(
      scope,
      [{ resourceURI: uri, resourceContent: content }],
      message,
    );
    session.output.say('Resource has been uploaded.');
    await session.output.done({ value: { resourceURI: uri, version }, names: [`resource/${uri}`] });
  },
});

/** The path below the current folder; for other files, their name. */
function standardUriOf(file: string): string {
  if (file === '-') {
    throw new UsageFailure('the resource needs a path', 'Add --resourceUri, e.g. --resourceUri=slo.yaml.');
  }
  const below = relative(process.cwd(), normalize(file));
  return below.startsWith('..') || isAbsolute(below) ? basename(file) : below.split(sep).join('/');
}
