import { completeAudit, listAudit, recordAudit } from './audit';
import { checkToken } from './auth';
import { getBridgeCredentials, setBridgeCredentials } from './bridge';
import { startEvaluation } from './evaluation';
import { getLatestEvent, sendEvent } from './event';
import { listEventTypes } from './event-type';
import { listIdentityProviders } from './identity-provider';
import { getMetadata } from './metadata';
import { createProject, deleteProject } from './project';
import { createService, deleteService } from './service';
import { getSystemState } from './system';
import { createToken, deleteToken, listTokens, rotateToken } from './token';
import { openWebsocket } from './websocket';

/** The routes of api-service: the public verbs (contract 3). */
export const api = {
  checkToken,
  listIdentityProviders,
  getMetadata,
  getSystemState,
  createProject,
  deleteProject,
  createService,
  deleteService,
  sendEvent,
  getLatestEvent,
  listEventTypes,
  startEvaluation,
  setBridgeCredentials,
  getBridgeCredentials,
  createToken,
  listTokens,
  rotateToken,
  deleteToken,
  listAudit,
  recordAudit,
  completeAudit,
  openWebsocket,
};
