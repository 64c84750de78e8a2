import { checkToken } from './auth';
import { getBridgeCredentials, setBridgeCredentials } from './bridge';
import { startEvaluation } from './evaluation';
import { getLatestEvent, sendEvent } from './event';
import { getMetadata } from './metadata';
import { createProject, deleteProject } from './project';
import { createService, deleteService } from './service';
import { openWebsocket } from './websocket';

/** The routes of api-service: the public verbs (contract 3). */
export const api = {
  checkToken,
  getMetadata,
  createProject,
  deleteProject,
  createService,
  deleteService,
  sendEvent,
  getLatestEvent,
  startEvaluation,
  setBridgeCredentials,
  getBridgeCredentials,
  openWebsocket,
};
