import { type ReachableSystem } from '../running-system';

export const OWN = 'own-shop';
export const FOREIGN = 'zebra-shop';

export const FOREIGN_HOOK = 'zebra-hook';
export const FOREIGN_TOKEN = 'zebra-token';

/** Words that are in the foreign project only. */
export const FOREIGN_WORDS = ['zebra-service', 'zebra-label', 'zebra-image', FOREIGN_HOOK, FOREIGN_TOKEN, 'zebra-file'];

export const ROLES = ['viewer', 'operator', 'editor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const SHIPYARD = base64('stages:\n  - name: dev\n  - name: production\n');

/** What can be named of the foreign project. */
export interface ForeignThings {
  readonly keptnContext: string;
  readonly eventId: string;
  readonly evaluationId: string;
  readonly approvalId: string;
}

export interface AccessBed {
  /** Tokens of each role on the own project alone. */
  readonly tokens: Readonly<Record<Role, string>>;
  readonly foreign: ForeignThings;
}

/** Two projects with services, files, events and subscriptions, and a token of each role for one of them. */
export async function makeBed(system: ReachableSystem): Promise<AccessBed> {
  await makeProject(system, OWN, 'own');
  const foreign = await makeProject(system, FOREIGN, 'zebra');
  await tokenOf(system, { name: FOREIGN_TOKEN, role: 'viewer', projects: [FOREIGN] });
  const tokens = await Promise.all(
    ROLES.map(async (role) => [role, await tokenOf(system, { name: `own-${role}`, role, projects: [OWN] })]),
  );
  return { tokens: Object.fromEntries(tokens) as AccessBed['tokens'], foreign };
}

/** Creates a token by the shared one. */
export async function tokenOf(system: ReachableSystem, body: object): Promise<string> {
  const { status, text, json } = await system.call('POST', '/v1/token', body);
  if (status !== 201) throw new Error(text);
  return (json as { token: string }).token;
}

async function makeProject(system: ReachableSystem, project: string, word: string): Promise<ForeignThings> {
  const service = `${word}-service`;
  await done(system.call('POST', '/v1/project', { name: project, shipyard: SHIPYARD }));
  await done(system.call('POST', `/v1/project/${project}/service`, { serviceName: service }));
  await done(
    system.call('PUT', `/configuration-service/v1/project/${project}/stage/dev/service/${service}/resource`, {
      resources: [{ resourceURI: `${word}-file.txt`, resourceContent: base64(`${word}-label`) }],
    }),
  );
  await done(
    system.call('POST', '/event-broker/v1/subscriptions', {
      name: `${word}-hook`,
      sink: 'https://hooks.example.com/keptn',
      types: ['sh.keptn.event.never'],
      filters: [{ exact: { project } }],
    }),
  );
  const labels = { team: `${word}-label` };
  const about = { project, stage: 'dev', service, labels };
  const { keptnContext } = (await done(
    send(system, 'sh.keptn.event.configuration.change', { ...about, valuesCanary: { image: `${word}-image` } }),
  )) as { keptnContext: string };
  await done(send(system, 'sh.keptn.events.evaluation-done', { ...about, result: 'pass' }, keptnContext));
  await done(send(system, 'sh.keptn.event.approval.triggered', { ...about, result: 'pass' }, keptnContext));
  return { keptnContext, ...(await idsOf(system, keptnContext)) };
}

const send = (system: ReachableSystem, type: string, data: object, shkeptncontext?: string) =>
  system.call('POST', '/v1/event', { type, data, specversion: '0.2', source: 'access-bed', shkeptncontext });

async function idsOf(system: ReachableSystem, keptnContext: string): Promise<Omit<ForeignThings, 'keptnContext'>> {
  const { json } = await system.call('GET', `/mongodb-datastore/event?keptnContext=${keptnContext}&pageSize=100`);
  const { events } = json as { events: readonly { id: string; type: string }[] };
  const idOf = (type: string): string => events.find((event) => event.type === type)?.id ?? '';
  return {
    eventId: idOf('sh.keptn.event.configuration.change'),
    evaluationId: idOf('sh.keptn.events.evaluation-done'),
    approvalId: idOf('sh.keptn.event.approval.triggered'),
  };
}

async function done(answering: ReturnType<ReachableSystem['call']>): Promise<unknown> {
  const { status, text, json } = await answering;
  if (status >= 300) throw new Error(`${status} ${text}`);
  return json;
}
