import type { SystemState } from '@keptn/api-models';
import { defineCommand } from '../../command-line/command';

export const getSystem = defineCommand({
  words: ['get', 'system'],
  summary: 'Show the state of the control plane itself: its services, distribution, upstream repositories',
  examples: [{ command: 'keptn get system', says: 'Is everything ready, and is anything behind?' }],
  run: async (_input, session) => {
    const { controlPlane } = await session.connect();
    const state = await controlPlane.systemState();
    await session.output.show({
      value: state,
      names: state.services.map(({ name }) => `service/${name}`),
      human: { columns: ['WHAT', 'STATE', 'DETAIL'], rows: rowsOf(state) },
    });
  },
});

const UNKNOWN = 'unknown';

function rowsOf({ services, logPosition, distribution, failingUpstreams }: SystemState): string[][] {
  const { inactive = [], failing = [] } = distribution ?? {};
  return [
    ...services.map(({ name, state, reason = '' }) => [name, state, reason]),
    ['event log', logPosition === undefined ? UNKNOWN : `at ${logPosition}`, ''],
    distribution === undefined
      ? ['subscriptions', UNKNOWN, '']
      : ['subscriptions', `${distribution.lag} behind`, `${distribution.pending} deliveries to be tried again`],
    ...failing.map((name) => [`subscription ${name}`, 'failing', '']),
    ...inactive.map((name) => [`subscription ${name}`, 'inactive', '']),
    ...(failingUpstreams === undefined ? [['upstream repositories', UNKNOWN, '']] : []),
    ...(failingUpstreams ?? []).map(({ project, lastError }) => [`upstream of ${project}`, 'failing', lastError]),
  ];
}
