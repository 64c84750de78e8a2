import { recordEvent } from './event';
import { readProjectHistory, readServiceHistory, readStageHistory } from './history';
import {
  closeApproval,
  closeRemediations,
  getApproval,
  listApprovals,
  listRemediations,
  listRemediationsOfContext,
  openApproval,
  openRemediation,
} from './open-item';
import { createProject, deleteProject, getProject, listProjects, updateProject } from './project';
import { defaultResources, projectResources, serviceResources, stageResources } from './resource';
import { readResourceTree } from './resource-tree';
import {
  createService,
  createServiceInStage,
  deleteService,
  deleteServiceFromStage,
  getService,
  getServiceOfStage,
  listServices,
  listServicesOfStage,
  updateServiceOfStage,
} from './service';
import { createStage, deleteStage, getStage, listStages, updateStage } from './stage';
import { rebuildView } from './view';

/** The routes of configuration-service: projects and what is in them, and resources (contract 4). */
export const configurationApi = {
  listProjects,
  getProject,
  createProject,
  updateProject,
  deleteProject,

  listStages,
  getStage,
  createStage,
  updateStage,
  deleteStage,

  listServices,
  getService,
  createService,
  deleteService,
  listServicesOfStage,
  getServiceOfStage,
  createServiceInStage,
  updateServiceOfStage,
  deleteServiceFromStage,

  listProjectResources: projectResources.list,
  addProjectResources: projectResources.add,
  updateProjectResources: projectResources.update,
  readProjectResource: projectResources.read,
  writeProjectResource: projectResources.write,
  deleteProjectResource: projectResources.remove,

  listStageResources: stageResources.list,
  addStageResources: stageResources.add,
  updateStageResources: stageResources.update,
  readStageResource: stageResources.read,
  writeStageResource: stageResources.write,
  deleteStageResource: stageResources.remove,

  listServiceResources: serviceResources.list,
  addServiceResources: serviceResources.add,
  updateServiceResources: serviceResources.update,
  readServiceResource: serviceResources.read,
  writeServiceResource: serviceResources.write,
  deleteServiceResource: serviceResources.remove,

  listDefaultResources: defaultResources.list,
  addDefaultResources: defaultResources.add,
  updateDefaultResources: defaultResources.update,
  readDefaultResource: defaultResources.read,
  writeDefaultResource: defaultResources.write,
  deleteDefaultResource: defaultResources.remove,

  readResourceTree,
  readProjectHistory,
  readStageHistory,
  readServiceHistory,

  listApprovals,
  openApproval,
  getApproval,
  closeApproval,
  listRemediations,
  openRemediation,
  listRemediationsOfContext,
  closeRemediations,

  recordEvent,
  rebuildView,
};
