import { type JsonObject, KeptnEventType, parseShipyard } from '@keptn/event-models';
import { describe } from 'vitest';
import { type ContextEvent } from '../src/decision/context-event';
import { type Decision } from '../src/decision/decision';
import { afterEvaluation, type Chart, situationOf } from '../src/decision/delivery/evaluation-done';
import { EventBuilder } from '../src/decision/event-builder';
import { testRows } from './contract-row';

const SHIPYARD = `
stages:
  - { name: dev, deployment_strategy: direct }
  - { name: staging, deployment_strategy: blue_green_service, approval_strategy: {} }
  - { name: production, deployment_strategy: blue_green_service }
  - { name: archive }
`;

interface Situation {
  readonly stage?: string;
  readonly shipyard?: string;
  readonly chart?: Chart;
  readonly data?: JsonObject;
  readonly earlier?: (builder: EventBuilder) => readonly ContextEvent[];
}

function evaluated(result: string, situation: Situation = {}): Decision {
  const { stage = 'dev', shipyard = SHIPYARD, chart = { image: 'carts:1' }, data = {}, earlier = () => [] } = situation;
  const builder = new EventBuilder();
  const before = earlier(builder);
  const evaluation = builder.evaluated(result, { stage, ...data });
  return afterEvaluation(evaluation, situationOf(evaluation, [...before, evaluation], parseShipyard(shipyard)), chart);
}

const deployed = (image: string, tag: string) => (builder: EventBuilder) => [builder.deployed({ image, tag })];
const THREE = SHIPYARD.replace('  - { name: archive }\n', '');
const CHANGE = 'configuration.change';

describe('evaluation-done', () => {
  testRows([
    {
      section: '3.1',
      original: 'pass asks for approval where the next stage has an approval_strategy, even {}',
      decide: () => evaluated('pass'),
      follows: [`${CHANGE} dev action=promote`, 'approval.triggered staging image=carts tag=1 result=pass'],
    },
    {
      section: '3.1',
      original: 'warning promotes as pass does, and the approval says so',
      decide: () => evaluated('warning'),
      follows: [`${CHANGE} dev action=promote`, 'approval.triggered staging image=carts tag=1 result=warning'],
    },
    {
      section: '3.1',
      original: 'without approval_strategy the image of the chart is set in the next stage',
      decide: () => evaluated('pass', { stage: 'staging' }),
      follows: [`${CHANGE} staging action=promote`, `${CHANGE} production action=set value=100 image=carts:1`],
    },
    {
      section: '3.1',
      original: 'labels are copied to both events',
      decide: () => evaluated('pass', { stage: 'staging', data: { labels: { build: '17' } } }),
      follows: [
        `${CHANGE} staging action=promote labels={"build":"17"}`,
        `${CHANGE} production action=set value=100 image=carts:1 labels={"build":"17"}`,
      ],
    },
    {
      section: '3.1',
      original: 'after the last stage only its canary is promoted',
      decide: () => evaluated('pass', { stage: 'production', shipyard: THREE }),
      follows: [`${CHANGE} production action=promote`],
    },
    {
      section: '3.1',
      original: 'an unknown stage has no next one',
      decide: () => evaluated('pass', { stage: 'elsewhere' }),
      follows: [`${CHANGE} elsewhere action=promote`],
    },
    {
      section: '3.1',
      original: 'a next stage without deployment_strategy stops everything, the canary of this stage included',
      decide: () => evaluated('pass', { stage: 'production' }),
      follows: [],
    },
    {
      section: '3.1',
      original: 'teststrategy real-user is left to the remediation',
      decide: () => evaluated('pass', { data: { teststrategy: 'real-user' } }),
      follows: [],
    },
    ...['fail', 'failed', ''].map((result) => ({
      section: '3.1',
      original: `"${result}" discards a canary of blue_green_service, in any case of letters`,
      decide: () => evaluated(result, { data: { deploymentstrategy: 'Blue_Green_Service' } }),
      follows: [`${CHANGE} dev action=discard`],
    })),
    ...['fail', 'failed', ''].map((result) => ({
      section: '3.1',
      original: `"${result}" of a direct deployment leads to nothing`,
      decide: () => evaluated(result),
      follows: [],
    })),
    {
      section: '3.1',
      original: 'an approval for an image without tag has no tag',
      decide: () => evaluated('pass', { chart: { image: 'carts' } }),
      follows: [`${CHANGE} dev action=promote`, 'approval.triggered staging image=carts result=pass'],
    },
    {
      section: '3.1',
      original: 'the port of a registry is taken for the tag, and the rest cut off',
      decide: () => evaluated('pass', { chart: { image: 'registry:5000/carts:1' } }),
      follows: [
        `${CHANGE} dev action=promote`,
        'approval.triggered staging image=registry:5000/carts tag=1 result=pass',
      ],
      mended: 'cuts `registry:5000/carts:1`',
    },
    {
      section: '3.1',
      original: 'an image without tag is set as it is, which ends helm-service',
      decide: () => evaluated('pass', { stage: 'staging', chart: { image: 'carts' } }),
      follows: [`${CHANGE} staging action=promote`, `${CHANGE} production action=set value=100 image=carts:latest`],
      mended: 'sends an image without tag',
    },
    {
      section: '3.1',
      original: 'the image that Git holds now is promoted, not the one that was evaluated',
      decide: () => evaluated('pass', { chart: { image: 'carts:newer' }, earlier: deployed('carts', '1') }),
      follows: [`${CHANGE} dev action=promote`, 'approval.triggered staging image=carts tag=1 result=pass'],
      mended: 'promotes the image that Git holds',
    },
    {
      section: '3.1',
      original: 'a service without chart is not promoted',
      decide: () => evaluated('pass', { chart: 'absent', earlier: deployed('carts', '1') }),
      follows: [`${CHANGE} dev action=promote`, 'approval.triggered staging image=carts tag=1 result=pass'],
      mended: 'promotes nothing when the service has no chart',
    },
    {
      section: '3.1',
      original: 'nothing follows in a project without charts, such as one for quality gates only',
      decide: () => evaluated('pass', { chart: 'absent' }),
      follows: [],
    },
    {
      section: '7.2',
      original: 'an evaluation that somebody started promotes',
      decide: () => evaluated('pass', { data: { teststrategy: 'manual' } }),
      follows: [],
      mended: 'promotes after an evaluation that somebody started by hand',
    },
    {
      section: '3.1',
      original: 'each further evaluation-done promotes again',
      decide: () =>
        evaluated('pass', { earlier: (builder) => [builder.deployed(), builder.tested(), builder.evaluated('pass')] }),
      follows: [],
      mended: 'promotes again for each further evaluation-done',
    },
    {
      section: '0.3',
      original: 'an event with a label that is no text is dropped',
      decide: () =>
        evaluated('fail', { data: { deploymentstrategy: 'blue_green_service', labels: { build: 17, team: 'a' } } }),
      follows: [`${CHANGE} dev action=discard labels={"team":"a"}`],
      mended: 'drops events with a label that is no text',
    },
    {
      section: '4.1',
      original: 'the order of stages is that of promotion, and what is unknown in the file is passed over',
      decide: () =>
        evaluated('pass', {
          stage: 'b',
          shipyard:
            'owner: me\nstages: [{ name: b, deployment_strategy: direct }, { name: a, deployment_strategy: canary, x: 1 }]',
        }),
      follows: [`${CHANGE} b action=promote`, `${CHANGE} a action=set value=100 image=carts:1`],
    },
    {
      section: '4.1',
      original: 'the shipyard of this moment counts, not that of the beginning',
      decide: () =>
        evaluated('pass', {
          shipyard: SHIPYARD.replace(', approval_strategy: {}', ''),
          earlier: (builder) => [builder.event(KeptnEventType.configurationChange)],
        }),
      follows: [`${CHANGE} dev action=promote`, `${CHANGE} staging action=set value=100 image=carts:1`],
    },
  ]);
});
