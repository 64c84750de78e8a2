import { type Project } from '../../api/answers';
import { type NewProject } from '../../api/control-plane';
import { eventually } from '../../api/eventually';
import { defineCommand } from '../../command-line/command';
import { type Server, type Session } from '../../command-line/session';
import { dryRunFlag } from '../../command-line/shared-flags';
import { UsageFailure } from '../../failures/failure';
import { readBase64, readInput } from '../../input/read-input';

export const createProject = defineCommand({
  words: ['create', 'project'],
  summary: 'Create a project with the stages of a shipyard',
  details:
    'With the flags that begin with --git its resources are kept in an upstream repository as well; what is in that ' +
    'repository becomes the content of the project.',
  arguments: { name: { summary: 'Name of the new project' } },
  flags: {
    shipyard: {
      short: 's',
      value: 'file',
      required: true,
      completes: 'file',
      summary: 'Shipyard that names the stages; - for stdin',
    },
    gitRemoteUrl: { short: 'r', value: 'url', summary: 'Upstream repository, without credentials' },
    gitUser: { short: 'u', value: 'user', summary: 'User of the upstream repository' },
    gitToken: { short: 't', value: 'token', summary: 'Token of that user; better in KEPTN_GIT_TOKEN' },
    gitPrivateKeyFile: {
      value: 'file',
      completes: 'file',
      summary: 'Private key for an upstream repository behind SSH',
    },
    dryRun: {
      ...dryRunFlag,
      summary: 'Let the server check name, shipyard and upstream repository, and change nothing',
    },
  },
  examples: [
    { command: 'keptn create project sockshop --shipyard=shipyard.yaml', says: 'A project' },
    {
      command:
        'KEPTN_GIT_TOKEN=... keptn create project sockshop --shipyard=shipyard.yaml --git-user=bot --git-remote-url=https://git.example.com/team/sockshop.git',
      says: 'With an upstream repository',
    },
    { command: 'keptn create project sockshop --shipyard=shipyard.yaml --dry-run', says: 'Could it be created?' },
  ],
  run: async ({ name, shipyard, gitRemoteUrl, gitUser, gitToken, gitPrivateKeyFile, dryRun }, session) => {
    const git = { gitRemoteUrl, gitUser, gitToken, gitPrivateKeyFile };
    assertUpstream(git);
    const project: NewProject = {
      name,
      shipyard: await readBase64(shipyard, session.signal),
      ...(gitRemoteUrl !== undefined && (await readUpstream(git, session))),
    };
    const server = await session.connect({ dryRun });
    if (dryRun) {
      await server.controlPlane.checkProject(project);
    }
    session.output.say('Starting to create project');
    await create(project, server, session);
  },
});

interface GitFlags {
  readonly gitRemoteUrl?: string | undefined;
  readonly gitUser?: string | undefined;
  readonly gitToken?: string | undefined;
  readonly gitPrivateKeyFile?: string | undefined;
}

function assertUpstream({ gitRemoteUrl, ...credentials }: GitFlags): void {
  if (gitRemoteUrl === undefined && Object.values(credentials).some((value) => value !== undefined)) {
    throw new UsageFailure('credentials of an upstream repository without its address', 'Add --git-remote-url.');
  }
}

/** The fields of the API for the flags of an upstream repository. */
async function readUpstream(
  { gitRemoteUrl, gitUser, gitToken, gitPrivateKeyFile }: GitFlags,
  { environment, signal }: Session,
): Promise<Omit<NewProject, 'name' | 'shipyard'>> {
  return {
    gitRemoteURL: gitRemoteUrl,
    gitUser,
    gitToken: gitToken ?? environment.gitToken,
    gitPrivateKey:
      gitPrivateKeyFile === undefined ? undefined : (await readInput(gitPrivateKeyFile, signal)).toString('utf8'),
  };
}

async function create(project: NewProject, { controlPlane, configuration }: Server, session: Session) {
  const { output } = session;
  const { name } = project;
  const { keptnContext } = await controlPlane.createProject(project);
  output.say(`ID of Keptn context: ${keptnContext}`);
  // The shipyard is what a server writes last.
  const created = await eventually<Project>(
    `project ${name} to exist`,
    async () => {
      await configuration.resource({ project: name }, 'shipyard.yaml');
      return configuration.project(name);
    },
    session,
  );
  output.say(`Project ${name} created`);
  const stages = (created.stages ?? []).map(({ stageName }) => stageName);
  stages.forEach((stage) => {
    output.say(`Stage ${stage} created`);
  });
  output.say('Project successfully created');
  await output.done({ value: { keptnContext, project: name, stages }, names: [`project/${name}`] });
}
