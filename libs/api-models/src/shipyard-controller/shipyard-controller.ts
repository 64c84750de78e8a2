import { decideApproval } from './approval';
import { explainContext } from './explanation';
import { getBoard, listOpenApprovals, listProjectHealth, listRuns, rebuildRuns } from './run';

/** The routes of shipyard-controller: runs and what they wait for, decisions on approvals, and why what followed from events followed. */
export const shipyardControllerApi = {
  listRuns,
  rebuildRuns,
  getBoard,
  listProjectHealth,
  listOpenApprovals,
  decideApproval,
  explainContext,
};
