import { projectName, serviceName, stageName } from '@keptn/event-models';

export const projectParameter = projectName.meta({ description: 'Name of the project', example: 'sockshop' });
export const stageParameter = stageName.meta({ description: 'Name of the stage', example: 'dev' });
export const serviceParameter = serviceName.meta({ description: 'Name of the service', example: 'carts' });
