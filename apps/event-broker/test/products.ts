import { z } from 'zod';

/** A request as a receiver has it. */
export interface ProductRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** What a product documents about the requests that it takes. Throws at a request that it would refuse. */
export interface Product {
  readonly status: number;
  readonly check: (request: ProductRequest) => void;
}

const require = (isMet: boolean, what: string): void => {
  if (!isMet) throw new Error(`the product refuses the request: ${what}`);
};

const requireType = ({ headers }: ProductRequest, type: string): void => {
  require(headers['content-type']?.split(';')[0] === type, `content type ${headers['content-type'] ?? ''}`);
};

function requireJson(request: ProductRequest, schema: z.ZodType): void {
  requireType(request, 'application/json');
  schema.parse(JSON.parse(request.body));
}

/** Only `&amp;`, `&lt;`, `&gt;` and Slack's own `<…>` may hold these characters. */
const mrkdwn = z
  .string()
  .min(1)
  .max(3_000)
  .refine((text) => !/[<>]|&(?!(?:amp|lt|gt);)/.test(text), 'must be escaped');
const slackText = z.strictObject({ type: z.enum(['mrkdwn', 'plain_text']), text: mrkdwn });

const slackMessage = z.strictObject({
  text: mrkdwn,
  blocks: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('section'), text: slackText }),
        z.strictObject({ type: z.literal('context'), elements: z.array(slackText).min(1).max(10) }),
      ]),
    )
    .max(50),
});

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slack: Product = {
  status: 200,
  check: (request) => {
    require(/^\/services\/T\w+\/B\w+\/\w+$/.test(request.path), `path ${request.path}`);
    requireJson(request, slackMessage);
  },
};

const cardElement = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('TextBlock'),
    text: z.string().min(1),
    size: z.enum(['Default', 'Small', 'Medium', 'Large', 'ExtraLarge']).optional(),
    weight: z.enum(['Default', 'Lighter', 'Bolder']).optional(),
    color: z.enum(['Default', 'Dark', 'Light', 'Accent', 'Good', 'Warning', 'Attention']).optional(),
    wrap: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('FactSet'),
    facts: z.array(z.strictObject({ title: z.string(), value: z.string() })).min(1),
  }),
]);

const teamsMessage = z.strictObject({
  type: z.literal('message'),
  attachments: z
    .array(
      z.strictObject({
        contentType: z.literal('application/vnd.microsoft.card.adaptive'),
        contentUrl: z.null(),
        content: z.strictObject({
          $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
          type: z.literal('AdaptiveCard'),
          version: z.string().regex(/^1\.[0-5]$/),
          body: z.array(cardElement).min(1),
        }),
      }),
    )
    .length(1),
});

/** https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using */
export const teams: Product = {
  status: 202,
  check: (request) => {
    require(request.body.length <= 28 * 1024, 'more than 28 KB');
    requireJson(request, teamsMessage);
  },
};

/** https://www.jenkins.io/doc/book/using/remote-access-api/ */
export const jenkins: Product = {
  status: 201,
  check: (request) => {
    require(/^\/job\/[^/]+\/buildWithParameters$/.test(request.path), `path ${request.path}`);
    require(/^Basic [\w+/]+=*$/.test(request.headers['authorization'] ?? ''), 'no user');
    requireType(request, 'application/x-www-form-urlencoded');
    const parameters = [...new URLSearchParams(request.body)];
    require(parameters.length > 0 && parameters.every(([name, value]) => name !== '' && value !== ''), request.body);
  },
};

const requireGitHub = ({ headers }: ProductRequest): void => {
  require(headers['accept'] === 'application/vnd.github+json', 'Accept');
  require(headers['x-github-api-version'] === '2022-11-28', 'X-GitHub-Api-Version');
  require(/^Bearer \S+$/.test(headers['authorization'] ?? ''), 'no token');
  require((headers['user-agent'] ?? '') !== '', 'no User-Agent');
};

const MOST_PROPERTIES = 10;

const dispatch = z.strictObject({
  event_type: z.string().min(1).max(100),
  client_payload: z
    .record(z.string(), z.unknown())
    .refine((payload) => Object.keys(payload).length <= MOST_PROPERTIES)
    .optional(),
});

/** https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event */
export const gitHubDispatch: Product = {
  status: 204,
  check: (request) => {
    require(/^\/repos\/[^/]+\/[^/]+\/dispatches$/.test(request.path), `path ${request.path}`);
    requireGitHub(request);
    requireJson(request, dispatch);
  },
};

const commitStatus = z.strictObject({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  target_url: z.url().optional(),
  description: z.string().max(140).optional(),
  context: z.string().min(1).optional(),
});

/** https://docs.github.com/en/rest/commits/statuses#create-a-commit-status */
export const gitHubStatus: Product = {
  status: 201,
  check: (request) => {
    require(/^\/repos\/[^/]+\/[^/]+\/statuses\/[0-9a-f]{40}$/.test(request.path), `path ${request.path}`);
    requireGitHub(request);
    requireJson(request, commitStatus);
  },
};
