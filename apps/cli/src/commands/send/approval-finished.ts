import { type JsonObject } from '@keptn/event-models/json';
import { defineCommand } from '../../command-line/command';
import { type Server } from '../../command-line/session';
import { dryRunFlag, projectFlag, serviceFlag, stageFlag } from '../../command-line/shared-flags';
import { Failure, UsageFailure } from '../../failures/failure';
import { dataOf, idOf } from '../../output/event-text';
import { openApprovals } from '../get/open-approvals';
import { sendAndReport } from './send-and-report';

export const approvalFinished = defineCommand({
  words: ['send', 'event', 'approval.finished'],
  summary: 'Approve or decline what waits for it',
  details:
    'With --service it must be the only open approval of that service; with --id it is the one with this event id.',
  flags: {
    project: projectFlag,
    stage: { ...stageFlag, required: true },
    service: serviceFlag,
    id: { value: 'id', summary: 'Id of the approval.triggered event' },
    result: { value: 'result', choices: ['pass', 'failed'], summary: 'pass unless given' },
    dryRun: dryRunFlag,
  },
  examples: [
    {
      command: 'keptn send event approval.finished --project=sockshop --stage=staging --service=carts',
      says: 'Approve the only open one',
    },
    {
      command:
        'keptn send event approval.finished --project=sockshop --stage=staging --id=6de83495-4f83-481c-8dbe-fcceb2e0243b --result=failed',
      says: 'Decline a certain one',
    },
  ],
  run: async ({ project, stage, service, id, result = 'pass', dryRun }, session) => {
    if ((id === undefined) === (service === undefined)) {
      throw new UsageFailure('either --id or --service is needed');
    }
    const triggered = await findTriggered({ project, stage, service, id }, await session.connect());
    session.output.say('Starting to send approval.finished event');
    await sendAndReport(
      {
        type: 'sh.keptn.event.approval.finished',
        source: 'https://github.com/keptn/keptn/cli#approval.finished',
        specversion: '0.2',
        contenttype: 'application/json',
        shkeptncontext: triggered['shkeptncontext'],
        triggeredid: idOf(triggered),
        data: { ...dataOf(triggered), eventContext: undefined, approval: { result, status: 'succeeded' } },
      },
      { dryRun },
      session,
    );
  },
});

interface Search {
  readonly project: string;
  readonly stage: string;
  readonly service: string | undefined;
  readonly id: string | undefined;
}

/** @throws Failure unless there is exactly one */
async function findTriggered({ project, stage, service, id }: Search, server: Server): Promise<JsonObject> {
  const found =
    id === undefined
      ? await openApprovals({ project, stage, service }, server)
      : await server.eventLog.events(
          { project, stage, eventID: id, type: 'sh.keptn.event.approval.triggered' },
          { pageSize: 1, pages: 1 },
        );
  const [only] = found;
  if (only === undefined) {
    throw new Failure('notFound', 'No approval.triggered events have been found');
  }
  if (found.length > 1) {
    throw new UsageFailure(`${found.length} approvals are open`, `Choose one with --id: ${found.map(idOf).join(', ')}`);
  }
  return only;
}
