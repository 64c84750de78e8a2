import { userInfo } from 'node:os';
import { type Server, type Session } from '../../command-line/session';
import { anyProjectFlag, dryRunFlag, serviceFlag, stageFlag } from '../../command-line/shared-flags';
import { Failure, UsageFailure } from '../../failures/failure';

/** How an approval is chosen, and who decides. */
export const decisionArguments = {
  eventId: {
    optional: true,
    summary: 'Id of the approval.triggered event; not needed where a single approval is open',
  },
} as const;

export const decisionFlags = {
  project: anyProjectFlag,
  stage: stageFlag,
  service: serviceFlag,
  by: { value: 'name', summary: 'Who decides; your user name unless given' },
  dryRun: dryRunFlag,
} as const;

interface Choice {
  readonly eventId: string | undefined;
  readonly project: string | undefined;
  readonly stage: string | undefined;
  readonly service: string | undefined;
}

interface Decision extends Choice {
  readonly by: string | undefined;
  readonly dryRun: boolean;
}

/** Decides one approval. */
export async function decide(
  result: 'failed' | 'pass',
  { by = userInfo().username, dryRun, ...choice }: Decision,
  session: Session,
): Promise<void> {
  const server = await session.connect({ dryRun });
  const eventId = choice.eventId ?? (await onlyOpen(choice, server));
  const finished = await server.shipyardController.decide(eventId, { result, decidedBy: by });
  session.output.say(`${result === 'pass' ? 'Approved' : 'Declined'} ${eventId} as ${by}`);
  await session.output.done({ value: { eventId: finished }, names: [`event/${finished}`] });
}

/** @throws Failure unless exactly one approval is open */
async function onlyOpen({ project, stage, service }: Choice, { shipyardController }: Server): Promise<string> {
  const open = await shipyardController.openApprovals({ project, stage, service });
  const [only] = open;
  if (only === undefined) throw new Failure('notFound', 'No approval is open');
  if (open.length > 1) {
    const lines = open.map((approval) => {
      const location = [approval.project, approval.stage, approval.service].join('/');
      return `${approval.eventId} (${location}, ${approval.image ?? 'no image'})`;
    });
    throw new UsageFailure(`${open.length} approvals are open`, `Choose one by its id: ${lines.join(', ')}`);
  }
  return only.eventId;
}
