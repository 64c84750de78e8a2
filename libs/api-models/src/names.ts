import { projectName, serviceName, stageName } from '@keptn/event-models';
import { z } from 'zod';

const project = projectName.meta({ description: 'Name of the project', example: 'sockshop' });
const stage = stageName.meta({ description: 'Name of the stage', example: 'dev' });
const service = serviceName.meta({ description: 'Name of the service', example: 'carts' });

/** The names in the paths of projects, of stages, and of services in a stage or in all stages. */
export const projectNames = z.object({ project });
export const stageNames = z.object({ project, stage });
export const serviceNames = z.object({ project, stage, service });
export const serviceInAllStagesNames = z.object({ project, service });
