import { Code } from '../../ui/code';
import { Card, Page } from '../../ui/page';

const apiUrl = (): string => new URL('../api', document.baseURI).href;

const linesOf = (url: string): readonly (readonly [title: string, what: string, text: string])[] => [
  ['Connect the keptn command', 'command that connects', `keptn auth --endpoint=${url} --api-token="$KEPTN_API_TOKEN"`],
  [
    'Deliver a new artifact',
    'command for an artifact',
    'keptn send event new-artifact --project=sockshop --service=carts --image=docker.io/keptnexamples/carts --tag=0.11.1',
  ],
  [
    'Start an evaluation',
    'command for an evaluation',
    'keptn send event start-evaluation --project=sockshop --stage=staging --service=carts --timeframe=10m',
  ],
  [
    'Send any event with curl',
    'curl line',
    `curl --request POST ${url}/v1/event \\
  --header "x-token: $KEPTN_API_TOKEN" --header 'content-type: application/cloudevents+json' \\
  --data '{"type":"sh.keptn.event.configuration.change","source":"pipeline","specversion":"1.0",
    "data":{"project":"sockshop","stage":"","service":"carts","valuesCanary":{"image":"docker.io/keptnexamples/carts:0.11.1"}}}'`,
  ],
  [
    'Follow what happens',
    'curl line that follows events',
    `curl --no-buffer --header "x-token: $KEPTN_API_TOKEN" '${url}/mongodb-datastore/event/stream'`,
  ],
  ['Link to a run from a pipeline', 'link to a run', new URL('trace/$KEPTN_CONTEXT', document.baseURI).href],
];

/** How everything here is done from a terminal, a pipeline or a program. */
export function IntegrationsView() {
  const url = apiUrl();
  return (
    <Page title="Integrations">
      <p>
        The API is at <code className="break">{url}</code>; all of it is described in{' '}
        <a href={`${url}/swagger-ui/`}>Swagger UI</a>. The token is not shown here: it is in the file <code>token</code>{' '}
        of the data folder, or in the secret <code>keptn-api-token</code> of the cluster.
      </p>
      {linesOf(url).map(([title, what, text]) => (
        <Card key={title}>
          <h2>{title}</h2>
          <Code what={what} text={text} />
        </Card>
      ))}
      <p className="muted small">
        <a href={new URL('third-party-licenses.txt', document.baseURI).href}>
          Licences of the packages that these pages are made of
        </a>
      </p>
    </Page>
  );
}
