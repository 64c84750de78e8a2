import { type JsonObject } from '@keptn/event-models';
import { type IndicatorValue } from './indicator-values';

export type IndicatorStatus = 'pass' | 'warning' | 'fail' | 'info';

/** A criterion and what it comes to. */
export interface TargetResult extends JsonObject {
  readonly criteria: string;
  /** What the criterion allows; 0 when it cannot be computed. */
  readonly targetValue: number;
  readonly violated: boolean;
}

/** What becomes of one objective, in the form of `evaluation-done`. */
export interface IndicatorResult extends JsonObject {
  readonly score: number;
  readonly value: IndicatorValue;
  /** Warning criteria, when they were looked at, before pass criteria. */
  readonly targets: readonly TargetResult[] | null;
  readonly status: IndicatorStatus;
}
