import { type Project } from '../../api/answers';
import { orMissing } from '../../api/eventually';
import { defineCommand } from '../../command-line/command';
import { Failure } from '../../failures/failure';
import { type View } from '../../output/output';
import { creationTime } from '../../output/time';

export const getProject = defineCommand({
  words: ['get', 'project'],
  aliases: ['projects'],
  summary: 'List projects, or show one',
  arguments: { name: { optional: true, summary: 'Name of the project', completes: 'project' } },
  examples: [
    { command: 'keptn get projects', says: 'All projects' },
    { command: 'keptn get project sockshop -o yaml', says: 'One, with its stages and services' },
    { command: 'keptn get projects -o name', says: 'Their names, for a program' },
  ],
  run: async ({ name }, session) => {
    const { configuration } = await session.connect();
    if (name === undefined) {
      await session.output.show(viewOf(await configuration.projects()));
      return;
    }
    const project = await orMissing(configuration.project(name));
    if (project === undefined) {
      throw new Failure('notFound', `No project ${name} found`, {
        hint: '"keptn get projects" lists those that exist.',
      });
    }
    await session.output.show({ ...viewOf([project]), value: project });
  },
});

function viewOf(projects: readonly Project[]): View {
  return {
    value: projects,
    names: projects.map(({ projectName }) => `project/${projectName}`),
    human:
      projects.length === 0
        ? 'No projects found'
        : {
            columns: ['NAME', 'CREATION DATE', 'STAGES', 'UPSTREAM'],
            rows: projects.map(({ projectName, creationDate, stages, ...upstream }) => [
              projectName,
              creationTime(creationDate),
              (stages ?? []).map(({ stageName }) => stageName).join(','),
              describeUpstream(upstream),
            ]),
          },
  };
}

/** Empty for a project without an upstream repository. */
function describeUpstream({ gitRemoteURI = '', upstream }: Pick<Project, 'gitRemoteURI' | 'upstream'>): string {
  if (gitRemoteURI === '') {
    return '';
  }
  return upstream?.failingSince === undefined ? 'ok' : `failing: ${(upstream.lastError ?? '').split('\n')[0] ?? ''}`;
}
