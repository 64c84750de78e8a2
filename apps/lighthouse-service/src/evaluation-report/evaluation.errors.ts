import { NotFound, ServiceError } from '@keptn/service-kit';

export class EvaluationNotFound extends NotFound {
  constructor(eventId: string) {
    super(`No evaluation-done event has the id ${eventId}`, { reason: 'EVALUATION_NOT_FOUND' });
  }
}

export class EvaluationInvalidated extends ServiceError {
  constructor(why: string) {
    super('EVALUATION_INVALIDATED', `The evaluation was invalidated before: ${why}`);
  }
}

export class EvaluationValid extends ServiceError {
  constructor() {
    super('EVALUATION_VALID', 'The evaluation was not invalidated');
  }
}
