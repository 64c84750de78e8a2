import { isJsonObject, KeptnEventType } from '@keptn/event-models';
import { SETTINGS } from '@keptn/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ConfigurationServiceClient } from '../control-plane/configuration-service.client';
import { ProjectFiles } from '../control-plane/project-files';
import { type ContextEvent, fieldsOf, isAbout, subjectOf, textOf, until } from '../decision/context-event';
import { type Decision, nothing } from '../decision/decision';
import { problemKey } from '../decision/remediation/problem';
import { afterProblem, afterRemediationTriggered, remediedElsewhere } from '../decision/remediation/problem-open';
import {
  afterDeadline,
  afterRemediationEvent,
  hasDeadline,
  NOTHING_UNDER_WAY,
  remediationDeadline,
  type RemediationDeadline,
  type RemediationTimes,
} from '../decision/remediation/remediation-progress';
import {
  problemKeyOf,
  remediationRun,
  type RemediationRun,
  remediationRuns,
} from '../decision/remediation/remediation-run';
import { originOf } from '../decision/remediation/remediation-step';
import { type Due, type Part, type Waiting } from '../decision/part';
import { type Settings } from '../settings';
import { OpenElsewhere } from './open-elsewhere';

const PROBLEMS: ReadonlySet<string> = new Set([KeptnEventType.problemOpen, KeptnEventType.problem]);

/** Heals a service by the actions of its remediation.yaml. */
@Injectable()
export class Remediations implements Part {
  readonly name = 'remediation';
  readonly types: ReadonlySet<string> = new Set([
    ...PROBLEMS,
    KeptnEventType.remediationTriggered,
    KeptnEventType.remediationStatusChanged,
    KeptnEventType.remediationFinished,
    KeptnEventType.actionTriggered,
    KeptnEventType.actionStarted,
    KeptnEventType.actionFinished,
    KeptnEventType.evaluationDone,
  ]);
  private readonly times: RemediationTimes;

  constructor(
    private readonly files: ProjectFiles,
    private readonly configuration: ConfigurationServiceClient,
    private readonly elsewhere: OpenElsewhere,
    @Inject(SETTINGS) { WAIT_TIME_MINUTES, ACTION_PROVIDER_TIMEOUT, ACTION_TIMEOUT }: Settings,
  ) {
    this.times = { wait: WAIT_TIME_MINUTES, provider: ACTION_PROVIDER_TIMEOUT, action: ACTION_TIMEOUT };
  }

  get waiting(): Waiting {
    const { wait, provider, action } = this.times;
    return {
      begins: KeptnEventType.remediationTriggered,
      longest: Math.max(wait, provider, action),
      due: (events) => this.due(events),
      isOver: (events) => remediationRuns(events).every(({ phase }) => phase.name === 'finished'),
    };
  }

  async decide(event: ContextEvent, all: readonly ContextEvent[]): Promise<Decision> {
    if (PROBLEMS.has(event.type)) return this.decideOnProblem(event, all);
    const events = until(event, all);
    const run = remediationRun(subjectOf(event), events);
    if (run === undefined) return nothing(NOTHING_UNDER_WAY);
    if (event.type === KeptnEventType.remediationTriggered) {
      const other = await this.elsewhere.find(event, problemKeyOf(event));
      if (other !== undefined) return remediedElsewhere(event, other);
    }
    const plan = await this.files.remediationPlan(subjectOf(run.triggered));
    return event.type === KeptnEventType.remediationTriggered
      ? afterRemediationTriggered(originOf(event), plan)
      : afterRemediationEvent(event, events, plan);
  }

  /** The steps of an open remediation, as Bridge and CLI read them, are kept by configuration-service. */
  async updateOpenItems(changes: readonly ContextEvent[], all: readonly ContextEvent[]): Promise<void> {
    for (const run of remediationRuns(all)) {
      const subject = subjectOf(run.triggered);
      if (changes.some((change) => isAbout(subject, change))) await this.keep(run);
    }
  }

  private async keep({ triggered, phase, steps }: RemediationRun): Promise<void> {
    const subject = subjectOf(triggered);
    const keptnContext = triggered.shkeptncontext ?? '';
    if (phase.name === 'finished') return this.configuration.closeRemediations(subject, keptnContext);
    for (const step of [triggered, ...steps]) {
      const { id: eventId, type, time } = step;
      const action = actionNameOf(step);
      await this.configuration.openRemediation(subject, {
        ...(action && { action }),
        eventId,
        keptnContext,
        time,
        type,
      });
    }
  }

  private async due(all: readonly ContextEvent[]): Promise<Due | undefined> {
    const deadlines: RemediationDeadline[] = [];
    for (const run of remediationRuns(all).filter(hasDeadline)) {
      const plan = await this.files.remediationPlan(subjectOf(run.triggered));
      deadlines.push(remediationDeadline(run, plan, this.times));
    }
    const [first] = deadlines.toSorted((one, other) => one.at.getTime() - other.at.getTime());
    return first && { at: first.at, decide: () => this.decideAtDeadline(first) };
  }

  private async decideAtDeadline(deadline: RemediationDeadline): Promise<Decision> {
    const subject = subjectOf(deadline.run.triggered);
    const shipyard = await this.files.shipyard(subject.project);
    if ('fault' in shipyard) return nothing(shipyard.fault);
    return afterDeadline(deadline, await this.files.remediationPlan(subject), shipyard);
  }

  private async decideOnProblem(event: ContextEvent, events: readonly ContextEvent[]): Promise<Decision> {
    const subject = subjectOf(event);
    const shipyard = await this.files.shipyard(subject.project);
    if ('fault' in shipyard) return nothing(`not remedied: ${shipyard.fault}`);
    const situation = { shipyard, events, plan: await this.files.remediationPlan(subject) };
    const decision = afterProblem(event, situation);
    // What is under way elsewhere can only keep something from following.
    if (decision.follows.length === 0) return decision;
    const elsewhere = await this.elsewhere.find(
      event,
      problemKey((field) => textOf(event, field)),
    );
    return elsewhere === undefined ? decision : afterProblem(event, { ...situation, elsewhere });
  }
}

function actionNameOf(step: ContextEvent): string {
  const remediation = fieldsOf(step)['remediation'];
  const result = isJsonObject(remediation) ? remediation['result'] : undefined;
  const name = isJsonObject(result) ? result['actionName'] : undefined;
  return typeof name === 'string' ? name : '';
}
