import { receiveEvent } from '../reacting/receive-event';
import { getEvaluation, invalidateEvaluation, listEvaluations, revalidateEvaluation } from './evaluation';
import { previewEvaluations, previewTimeFrames } from './preview';

/** The routes of lighthouse-service. */
export const lighthouseServiceApi = {
  getEvaluation,
  invalidateEvaluation,
  listEvaluations,
  previewEvaluations,
  previewTimeFrames,
  receiveEvent,
  revalidateEvaluation,
};
