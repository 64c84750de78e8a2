import { type Fact } from '../../ui/facts';
import { fieldsIn, type LoggedEvent, textIn } from '../../api/logged-event';

const TITLES: ReadonlyMap<string, string> = new Map([
  ['sh.keptn.internal.event.project.create', 'Project created'],
  ['sh.keptn.internal.event.service.create', 'Service created'],
  ['sh.keptn.event.configuration.change', 'Configuration changed'],
  ['sh.keptn.events.deployment-finished', 'Deployed'],
  ['sh.keptn.events.tests-finished', 'Tested'],
  ['sh.keptn.event.start-evaluation', 'Evaluation started'],
  ['sh.keptn.internal.event.get-sli', 'Values asked for'],
  ['sh.keptn.internal.event.get-sli.done', 'Values answered'],
  ['sh.keptn.events.evaluation-done', 'Evaluated'],
  ['sh.keptn.events.evaluation.invalidated', 'Evaluation declared invalid'],
  ['sh.keptn.events.evaluation.revalidated', 'Evaluation declared valid again'],
  ['sh.keptn.event.approval.triggered', 'Approval asked for'],
  ['sh.keptn.event.approval.finished', 'Approval decided'],
  ['sh.keptn.event.approval.reminder', 'Approval called to mind'],
  ['sh.keptn.event.monitoring.configure', 'Monitoring configured'],
  ['sh.keptn.event.problem.open', 'Problem'],
  ['sh.keptn.events.problem', 'Problem'],
  ['sh.keptn.event.remediation.triggered', 'Remediation asked for'],
  ['sh.keptn.event.remediation.started', 'Remediation started'],
  ['sh.keptn.event.remediation.status.changed', 'Remediation went on'],
  ['sh.keptn.event.remediation.finished', 'Remediation finished'],
  ['sh.keptn.event.action.triggered', 'Action asked for'],
  ['sh.keptn.event.action.started', 'Action started'],
  ['sh.keptn.event.action.finished', 'Action finished'],
]);

const CHANGE = 'sh.keptn.event.configuration.change';

/** What a change of configuration does with a canary, besides setting its part of the traffic. */
const CANARY_TITLES: ReadonlyMap<string, string> = new Map([
  ['promote', 'Canary promoted'],
  ['discard', 'Canary discarded'],
]);

/** What happened, in words; of types that Keptn does not have, the type. */
export const titleOf = ({ type, data }: LoggedEvent): string =>
  (type === CHANGE ? CANARY_TITLES.get(textIn(fieldsIn(data['canary']), 'action')) : undefined) ??
  TITLES.get(type) ??
  type;

/** Parts of the data in which events say how something went or what it is about. */
const PARTS = ['', 'evaluationdetails', 'evaluation', 'canary', 'approval', 'remediation', 'action', 'problem'];

const NAMED: readonly (readonly [label: string, field: string])[] = [
  ['Image', 'image'],
  ['Tag', 'tag'],
  ['Result', 'result'],
  ['Score', 'score'],
  ['Status', 'status'],
  ['Message', 'message'],
  ['Reason', 'reason'],
  ['Decided by', 'decidedBy'],
  ['Deployment', 'deploymentstrategy'],
  ['Test', 'teststrategy'],
  ['Address', 'deploymentURIPublic'],
  ['Problem', 'ProblemTitle'],
  ['Problem', 'problemTitle'],
  ['State', 'State'],
  ['Address', 'ProblemURL'],
  ['Action', 'action'],
  ['Value', 'value'],
  ['Strategy', 'strategy'],
  ['From', 'start'],
  ['Until', 'end'],
];

/** Events that come with the result of the evaluation before them, and have none of their own. */
const IS_UNDECIDED: ReadonlySet<string> = new Set([
  'sh.keptn.event.approval.triggered',
  'sh.keptn.event.approval.reminder',
]);

/** The result of an event, where it has one. */
export const resultOf = ({ type, data }: LoggedEvent): string => (IS_UNDECIDED.has(type) ? '' : ownResultIn(data));

const ownResultIn = (data: LoggedEvent['data']): string =>
  textIn(data, 'result') || textIn(fieldsIn(data['approval']), 'result') || textIn(fieldsIn(data['action']), 'result');

/** What an event says that a person wants to know without reading JSON. */
export function factsOf({ type, source, triggeredId, data }: LoggedEvent): readonly Fact[] {
  const said = PARTS.flatMap((part) => {
    const fields = part === '' ? data : fieldsIn(data[part]);
    return NAMED.flatMap(([label, field]): Fact[] => {
      const value = written(fields[field]);
      if (value === '') return [];
      return [[field === 'result' && IS_UNDECIDED.has(type) ? 'Evaluated before' : label, value]];
    });
  });
  const image = textIn(fieldsIn(data['valuesCanary']), 'image');
  const labels = Object.entries(fieldsIn(data['labels']))
    .map(([name, value]): Fact => [name, written(value)])
    .filter(([, value]) => value !== '');
  const distinct = new Map(
    [...said, ...(image === '' ? [] : [['Image', image] as const])].map((fact) => [fact.join('\n'), fact]),
  );
  return [
    ['Source', source],
    ...(triggeredId === undefined ? [] : [['Answer to', triggeredId] as const]),
    ...distinct.values(),
    ...labels,
  ];
}

const written = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
