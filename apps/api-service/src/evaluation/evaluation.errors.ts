import { ServiceError } from '@keptn/service-kit';

/** What is to be evaluated does not exist. The original answers 400, with the text of configuration-service (contract 3.7). */
export class NothingToEvaluate extends ServiceError {
  constructor(message: string) {
    super('NOTHING_TO_EVALUATE', message);
  }
}

/** The time frame cannot be understood; texts as in contract 3.7. */
export class InvalidTimeFrame extends ServiceError {
  constructor(message: string) {
    super('INVALID_TIME_FRAME', message);
  }
}
