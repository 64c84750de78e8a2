import { type JsonObject } from '@keptn/event-models/json';
import { type Server } from '../../command-line/session';

interface ApprovalSearch {
  readonly project: string;
  readonly stage: string;
  readonly service: string | undefined;
}

/** The events that wait for an approval, as the view of the stage lists them. */
export async function openApprovals(
  { project, stage, service }: ApprovalSearch,
  { configuration, eventLog }: Server,
): Promise<JsonObject[]> {
  const services = await configuration.services(project, stage);
  const searched = services.filter(({ serviceName }) => serviceName === (service ?? serviceName));
  const found = await Promise.all(
    searched.flatMap(({ serviceName, openApprovals: open }) =>
      (open ?? []).map(({ eventId }) =>
        eventLog.events({ eventID: eventId, project, service: serviceName, stage }, { pageSize: 1, pages: 1 }),
      ),
    ),
  );
  return found.flat();
}
