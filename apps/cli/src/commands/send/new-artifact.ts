import { defineCommand } from '../../command-line/command';
import { dryRunFlag, projectFlag, serviceFlag, stageFlag } from '../../command-line/shared-flags';
import { type Server } from '../../command-line/session';
import { Refusal } from '../../failures/refusal';
import { sendAndReport } from './send-and-report';

export const newArtifact = defineCommand({
  words: ['send', 'event', 'new-artifact'],
  summary: 'Announce a new artifact of a service, so that it gets deployed',
  flags: {
    project: projectFlag,
    service: { ...serviceFlag, required: true },
    stage: { ...stageFlag, summary: 'Stage to begin with; the first one of the shipyard unless given' },
    image: { value: 'image', required: true, summary: 'Image, with or without its tag' },
    tag: { value: 'tag', summary: 'Tag of the image; latest unless given' },
    dryRun: dryRunFlag,
  },
  examples: [
    {
      command:
        'keptn send event new-artifact --project=sockshop --service=carts --image=docker.io/keptnexamples/carts --tag=0.13.1',
      says: 'A new version of carts',
    },
  ],
  run: async ({ project, service, stage = '', image, tag, dryRun }, session) => {
    const artifact = withTag(image, tag);
    session.output.say(
      `Starting to send a new-artifact-event to deploy the service ${service} in project ${project} in version ${artifact}`,
    );
    const event = {
      type: 'sh.keptn.event.configuration.change',
      source: 'https://github.com/keptn/keptn/cli#configuration-change',
      specversion: '0.2',
      contenttype: 'application/json',
      data: {
        project,
        service,
        stage,
        valuesCanary: { image: artifact },
        canary: { value: 100, action: 'set' },
        labels: null,
      },
    };
    const { keptnContext } = await sendAndReport(event, { dryRun }, session);
    for (const awaited of await awaitedIn(keptnContext, await session.connect())) session.output.waiting(awaited);
  },
});

/**
 * What a context waits for, and from whom; nothing where nobody knows, as at a server of Keptn 0.7, or nobody can say:
 * the event was sent all the same.
 */
async function awaitedIn(keptnContext: string, { shipyardController }: Server): Promise<readonly string[]> {
  const explained = await shipyardController.explain(keptnContext).catch((error: unknown) => {
    if (error instanceof Refusal && (error.status === 404 || error.status >= 500)) return [];
    throw error;
  });
  return explained.flatMap(({ awaits }) => (awaits === undefined ? [] : [awaits]));
}

/** A colon before the last slash is that of a registry's port. */
function withTag(image: string, tag: string | undefined): string {
  if (tag !== undefined) {
    return `${image}:${tag}`;
  }
  return /:[^/]*$/.test(image) ? image : `${image}:latest`;
}
