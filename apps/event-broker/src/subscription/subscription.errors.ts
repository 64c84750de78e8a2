import { ServiceError } from '@keptn/service-kit';

export class SubscriptionNotFound extends ServiceError {
  constructor(name: string) {
    super('SUBSCRIPTION_NOT_FOUND', `there is no subscription ${name}`);
  }
}

export class SubscriptionExists extends ServiceError {
  constructor(name: string) {
    super('SUBSCRIPTION_EXISTS', `there is a subscription ${name}; choose another name, or update it`);
  }
}

/** The next start would undo a change. */
export class SubscriptionIsDeclared extends ServiceError {
  constructor(name: string) {
    super('SUBSCRIPTION_DECLARED', `subscription ${name} is declared by the deployment: change DECLARED_SUBSCRIPTIONS`);
  }
}

export class InvalidTypePattern extends ServiceError {
  constructor(pattern: string) {
    super(
      'INVALID_FILTER',
      `types in body: "${pattern}" matches no event; write a type, a pattern such as sh.keptn.*.event.> or a beginning such as sh.keptn.events*`,
    );
  }
}

export class TemplateRefused extends ServiceError {
  constructor(reason: string, options: ErrorOptions) {
    super('INVALID_TEMPLATE', `protocolSettings.template in body: ${reason}`, options);
  }
}

export class EmptySpan extends ServiceError {
  constructor(from: number, to: number) {
    super('INVALID_SPAN', `no event of the log is behind number ${from} and not behind ${to}: give an earlier "from"`);
  }
}

/** What the subscription was created with is not there any more. */
export class SinkUnusable extends ServiceError {
  constructor(subscription: string, reason: string, options: ErrorOptions) {
    super('SINK_UNUSABLE', `nothing can be delivered to the sink of subscription ${subscription}: ${reason}`, options);
  }
}

export class SinkRefused extends ServiceError {
  constructor(reason: string, options?: ErrorOptions) {
    super('SINK_NOT_PERMITTED', `sink in body: ${reason}`, options);
  }
}
