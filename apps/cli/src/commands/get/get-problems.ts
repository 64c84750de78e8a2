import type { ProblemReport } from '@keptn/api-models';
import { defineCommand } from '../../command-line/command';
import { anyProjectFlag, serviceFlag, stageFlag } from '../../command-line/shared-flags';
import { limitOf } from './show-runs';

export const getProblems = defineCommand({
  words: ['get', 'problems'],
  aliases: ['problem'],
  summary: 'Show reported problems, and what is done about them',
  flags: {
    project: anyProjectFlag,
    stage: stageFlag,
    service: serviceFlag,
    state: { value: 'state', choices: ['open', 'closed'], summary: 'Only problems in this state' },
    limit: { value: 'number', summary: 'How many; 20 unless given' },
  },
  examples: [
    { command: 'keptn get problems --state=open', says: 'The open ones of all projects' },
    { command: 'keptn get problems --project=sockshop -o json', says: 'The latest of a project, with all details' },
  ],
  run: async ({ limit, state, ...location }, session) => {
    const { shipyardController } = await session.connect();
    const search = { ...location, state: state as 'closed' | 'open' | undefined };
    const problems = await shipyardController.problems(search, limitOf(limit));
    await session.output.show({
      value: problems,
      names: problems.map(({ keptnContext }) => keptnContext),
      human:
        problems.length === 0
          ? 'No problems found'
          : {
              columns: ['CONTEXT', 'PROJECT', 'STAGE', 'SERVICE', 'PROBLEM', 'STATE', 'SINCE', 'REMEDIATION', 'ACTION'],
              rows: problems.map(rowOf),
            },
    });
  },
});

function rowOf({ keptnContext, project, stage, service, title, state, since, remediation }: ProblemReport): string[] {
  const { state: step = '', result = step, action = '' } = remediation ?? {};
  return [keptnContext, project, stage, service, title, state, since, result, action];
}
