import { type Command, type Group } from '../command-line/command';
import { addResource } from './add-resource/add-resource';
import { apply } from './apply/apply';
import { approve } from './approval/approve';
import { decline } from './approval/decline';
import { auth } from './auth/auth';
import { completeOf } from './completion/complete';
import { completion } from './completion/completion';
import { configureBridge } from './configure/configure-bridge';
import { configureMonitoring } from './configure/configure-monitoring';
import { createProject } from './create/create-project';
import { createService } from './create/create-service';
import { createSubscription } from './create/create-subscription';
import { createToken } from './create/create-token';
import { deleteContext } from './delete/delete-context';
import { deleteProject } from './delete/delete-project';
import { deleteResource } from './delete/delete-resource';
import { deleteService } from './delete/delete-service';
import { deleteSubscription } from './delete/delete-subscription';
import { deleteToken } from './delete/delete-token';
import { doctor } from './doctor/doctor';
import { evaluate } from './evaluate/evaluate';
import { explain } from './explain/explain';
import { exportProject } from './export/export-project';
import { getApprovalTriggered } from './get/get-approval-triggered';
import { getApprovals } from './get/get-approvals';
import { getAudit } from './get/get-audit';
import { getContext } from './get/get-context';
import { getDeliveries } from './get/get-deliveries';
import { getEvaluationDone } from './get/get-evaluation-done';
import { getEvaluations } from './get/get-evaluations';
import { getEvent } from './get/get-event';
import { getProblems } from './get/get-problems';
import { getProject } from './get/get-project';
import { getRemediations } from './get/get-remediations';
import { getResource } from './get/get-resource';
import { getRuns } from './get/get-runs';
import { getService } from './get/get-service';
import { getStage } from './get/get-stage';
import { getSubscription } from './get/get-subscription';
import { getSystem } from './get/get-system';
import { getToken } from './get/get-token';
import { history } from './history/history';
import { importProject } from './import/import-project';
import { logout } from './logout/logout';
import { onboardService } from './onboard/onboard-service';
import { previewEvaluations } from './preview/preview-evaluations';
import { redeliver } from './redeliver/redeliver';
import { replay } from './replay/replay';
import { rotateToken } from './rotate/rotate-token';
import { approvalFinished } from './send/approval-finished';
import { newArtifact } from './send/new-artifact';
import { sendEvent } from './send/send-event';
import { startEvaluation } from './send/start-evaluation';
import { setConfig } from './set/set-config';
import { setContext } from './set/set-context';
import { status } from './status/status';
import { trace } from './trace/trace';
import { updateProject } from './update/update-project';
import { updateSubscription } from './update/update-subscription';
import { invalidateEvaluation } from './validity/invalidate-evaluation';
import { revalidateEvaluation } from './validity/revalidate-evaluation';
import { version } from './version/version';

/** The words that begin several commands. */
export const groups: readonly Group[] = [
  { words: ['create'], summary: 'Create a project, a service, a subscription or a token' },
  { words: ['onboard'], summary: 'Create a service with its chart' },
  {
    words: ['get'],
    summary:
      'Show projects, stages, services, resources, events, evaluations, runs, approvals, problems, remediations, ' +
      'subscriptions, deliveries, tokens, contexts and the audit log',
  },
  { words: ['send'], summary: 'Send an event' },
  { words: ['update'], summary: 'Change the upstream repository of a project, or a subscription' },
  { words: ['rotate'], summary: 'Replace a token' },
  { words: ['delete'], summary: 'Delete a project, a service, a resource, a subscription, a token or a context' },
  { words: ['invalidate'], summary: 'Declare an evaluation invalid' },
  { words: ['revalidate'], summary: 'Take back that an evaluation is invalid' },
  { words: ['preview'], summary: 'Show what would come of a change' },
  { words: ['export'], summary: 'Write a project into a folder' },
  { words: ['import'], summary: 'Make a project of an exported folder' },
  { words: ['configure'], summary: 'Configure monitoring, or the Bridge' },
  { words: ['set'], summary: 'Choose the current context' },
];

/** Every command, in the order in which help lists them. */
export const commands: readonly Command[] = [
  auth,
  logout,
  status,
  version,
  createProject,
  createService,
  createSubscription,
  createToken,
  onboardService,
  getProject,
  getStage,
  getService,
  getResource,
  getEvent,
  getEvaluationDone,
  getEvaluations,
  getApprovalTriggered,
  getRuns,
  getApprovals,
  getProblems,
  getRemediations,
  getSubscription,
  getDeliveries,
  getToken,
  getAudit,
  getSystem,
  getContext,
  addResource,
  history,
  sendEvent,
  newArtifact,
  startEvaluation,
  approvalFinished,
  evaluate,
  previewEvaluations,
  invalidateEvaluation,
  revalidateEvaluation,
  approve,
  decline,
  trace,
  explain,
  apply,
  exportProject,
  importProject,
  updateProject,
  updateSubscription,
  redeliver,
  replay,
  deleteProject,
  deleteService,
  deleteResource,
  deleteSubscription,
  rotateToken,
  deleteToken,
  deleteContext,
  configureMonitoring,
  configureBridge,
  setContext,
  setConfig,
  doctor,
  completion,
  completeOf(() => commands),
];
