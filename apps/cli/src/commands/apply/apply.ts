import { stat } from 'node:fs/promises';
import { defineCommand } from '../../command-line/command';
import { type Server } from '../../command-line/session';
import { dryRunFlag } from '../../command-line/shared-flags';
import { expandTilde } from '../../environment';
import { UsageFailure } from '../../failures/failure';
import { readProjectFolder } from '../../project-folder/read-project-folder';
import { writeResources } from '../../project-folder/write-resources';
import { applySubscriptions } from './apply-subscriptions';
import { describePlan } from './describe-plan';
import { isEmpty, type Plan, type ScopeChange, planOf } from './plan';

export const apply = defineCommand({
  words: ['apply'],
  summary: 'Make a project what a folder says, or subscriptions what a file says',
  details:
    'The folder holds keptn.yaml ("project: sockshop", "services: [carts]"), shipyard.yaml, and resources: of the project in ' +
    'project/, of a stage in stages/<stage>/, of a service in a stage in stages/<stage>/<service>/, and of a service on ' +
    'every stage in services/<service>/. The differences are shown, then made; doing it again changes nothing. What the ' +
    'folder does not have stays, unless --prune is given.\n' +
    'A file holds "subscriptions:", a list of what "keptn get subscription -o yaml" shows, with name, sink, types, filters, ' +
    'protocolSettings, secretHeaders and from. In sinks and secret headers ${NAME} stands for a variable of the environment. ' +
    'Subscriptions that the file does not name stay.',
  flags: {
    file: {
      short: 'f',
      value: 'folder|file',
      required: true,
      completes: 'file',
      summary: 'Folder that describes the project, or file that describes subscriptions; - for stdin',
    },
    prune: { summary: 'Delete resources that the folder does not have; projects, stages and services stay' },
    dryRun: { ...dryRunFlag, summary: 'Show the differences, and change nothing' },
  },
  examples: [
    { command: 'keptn apply -f sockshop/ --dry-run', says: 'What would change?' },
    { command: 'keptn apply -f sockshop/', says: 'Make it so' },
    { command: 'keptn apply -f subscriptions.yaml', says: 'Create and change subscriptions' },
  ],
  run: async ({ file, prune, dryRun }, session) => {
    const { output } = session;
    const path = expandTilde(file);
    if (!(await isFolder(path))) {
      if (prune) throw new UsageFailure('--prune is for the folder of a project');
      await applySubscriptions(file, { dryRun }, session);
      return;
    }
    const folder = await readProjectFolder(path);
    const { project } = folder;
    const server = await session.connect();
    const plan = await planOf(folder, server.configuration, prune);
    const result = { value: summaryOf(project, plan), names: [`project/${project}`] };
    if (isEmpty(plan)) {
      output.say(`Project ${project} is as the folder says: nothing to change`);
      await output.done(result);
      return;
    }
    output.say(await describePlan(project, plan, output.paint));
    if (dryRun) {
      output.say('Dry run: nothing was changed');
    } else {
      await carryOut(project, plan, server);
      output.say(`Project ${project} is now as the folder says`);
    }
    await output.done(result);
  },
});

/** What is not there counts as a folder, whose files are missed then. */
const isFolder = async (path: string): Promise<boolean> =>
  path !== '-' &&
  stat(path).then(
    (found) => found.isDirectory(),
    () => true,
  );

function summaryOf(project: string, { isNew, newStages, newServices, missingOnStage, scopes }: Plan): object {
  return {
    project,
    created: isNew,
    stages: newStages,
    services: newServices,
    servicesOnStages: missingOnStage,
    resources: scopes.flatMap(({ scope, files }) =>
      files.map(({ path, before, after }) => ({
        ...(scope.stage !== undefined && { stage: scope.stage }),
        path,
        change: after === undefined ? 'deleted' : before === undefined ? 'created' : 'updated',
      })),
    ),
  };
}

async function carryOut(project: string, plan: Plan, server: Server): Promise<void> {
  const { controlPlane, configuration } = server;
  if (plan.isNew) {
    await controlPlane.createProject({ name: project, shipyard: plan.shipyard.toString('base64') });
  }
  // The shipyard first: stages begin with what the project has.
  const [ofProject, ofStages] = [true, false].map((isProject) =>
    plan.scopes.filter(({ scope }) => (scope.stage === undefined) === isProject),
  );
  await writeScopes(ofProject ?? [], server);
  for (const stage of plan.newStages) {
    await configuration.createStage(project, stage);
  }
  for (const serviceName of plan.newServices) {
    await controlPlane.createService(project, { serviceName });
  }
  for (const { stage, service } of plan.missingOnStage) {
    await configuration.createServiceInStage({ project, stage, service });
  }
  await writeScopes(ofStages ?? [], server);
}

async function writeScopes(scopes: readonly ScopeChange[], { configuration }: Server): Promise<void> {
  for (const { scope, files } of scopes) {
    const written = files.flatMap(({ path, after }) => (after === undefined ? [] : [[path, after] as const]));
    await writeResources(configuration, scope, new Map(written));
    for (const { path } of files.filter(({ after }) => after === undefined)) {
      await configuration.deleteResource(scope, path);
    }
  }
}
