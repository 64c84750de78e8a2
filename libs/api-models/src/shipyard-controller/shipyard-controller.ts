import { decideApproval } from './approval';
import { explainContext } from './explanation';

/** The routes of shipyard-controller: decisions on approvals, and why what followed from events followed. */
export const shipyardControllerApi = { decideApproval, explainContext };
