import { decideApproval } from './approval';
import { explainContext, getRun } from './explanation';
import { getBoard, listOpenApprovals, listProblems, listProjectHealth, listRuns, rebuildRuns } from './run';

/** The routes of shipyard-controller: runs and what they wait for, decisions on approvals, and why what followed from events followed. */
export const shipyardControllerApi = {
  listRuns,
  getRun,
  rebuildRuns,
  getBoard,
  listProjectHealth,
  listOpenApprovals,
  listProblems,
  decideApproval,
  explainContext,
};
