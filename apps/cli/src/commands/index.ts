import { type Command } from '../command-line/command';
import { type Group } from '../command-line/program';
import { addResource } from './add-resource/add-resource';
import { auth } from './auth/auth';
import { createProject } from './create/create-project';
import { createService } from './create/create-service';
import { deleteProject } from './delete/delete-project';
import { deleteService } from './delete/delete-service';
import { getEvent } from './get/get-event';
import { getProject } from './get/get-project';
import { getService } from './get/get-service';
import { getStage } from './get/get-stage';
import { onboardService } from './onboard/onboard-service';
import { newArtifact } from './send/new-artifact';
import { sendEvent } from './send/send-event';
import { status } from './status/status';
import { version } from './version/version';

/** The words that begin several commands. */
export const groups: readonly Group[] = [
  { words: ['create'], summary: 'Create a project or a service' },
  { words: ['onboard'], summary: 'Create a service with its chart' },
  { words: ['get'], summary: 'Show projects, stages, services, resources and events' },
  { words: ['send'], summary: 'Send an event' },
  { words: ['delete'], summary: 'Delete a project, a service or a resource' },
];

/** Every command, in the order in which help lists them. */
export const commands: readonly Command[] = [
  auth,
  status,
  version,
  createProject,
  createService,
  onboardService,
  getProject,
  getStage,
  getService,
  getEvent,
  sendEvent,
  newArtifact,
  addResource,
  deleteProject,
  deleteService,
];
