import { z } from 'zod';
import { commonFields, text } from './common-data';

export const projectCreateData = z
  .looseObject({
    ...commonFields,
    shipyard: text('The shipyard in base64', 'c3RhZ2VzOgogIC0gbmFtZTogZGV2Cg=='),
    gitUser: text('User at the upstream repository', 'keptn-user'),
    gitToken: text('Token at the upstream repository; never stored with the event'),
    gitRemoteURL: text('Upstream repository', 'https://github.com/keptn-user/sockshop.git'),
  })
  .meta({
    id: 'ProjectCreateData',
    description: 'A project is to be created',
    example: { project: 'sockshop', shipyard: 'c3RhZ2VzOgogIC0gbmFtZTogZGV2Cg==' },
  });

export const projectDeleteData = z
  .looseObject(commonFields)
  .meta({ id: 'ProjectDeleteData', description: 'A project is to be deleted', example: { project: 'sockshop' } });

export const serviceCreateData = z
  .looseObject({
    ...commonFields,
    helmChart: text('Helm chart as base64 of a tgz; empty when the service has none', ''),
    deploymentStrategies: z
      .record(z.string(), z.string())
      .nullish()
      .meta({ description: 'direct or duplicate, by stage or for all stages with "*"', example: { '*': 'direct' } }),
  })
  .meta({
    id: 'ServiceCreateData',
    description: 'A service is to be created',
    example: { project: 'sockshop', service: 'carts', helmChart: '', deploymentStrategies: {} },
  });

export const serviceDeleteData = z.looseObject(commonFields).meta({
  id: 'ServiceDeleteData',
  description: 'A service is to be deleted',
  example: { project: 'sockshop', service: 'carts' },
});

export const monitoringConfigureData = z
  .looseObject({ ...commonFields, type: text('Monitoring provider', 'prometheus') })
  .meta({
    id: 'MonitoringConfigureData',
    description: 'Monitoring is to be set up for a project',
    example: { type: 'prometheus', project: 'sockshop', service: 'carts' },
  });

export const logData = z
  .looseObject({
    message: text('What happened', 'Project sockshop created'),
    terminate: z.boolean().nullish().meta({ description: 'Whether this is the last message of its context' }),
    loglevel: text('INFO, DEBUG or ERROR', 'INFO'),
  })
  .meta({
    id: 'LogData',
    description: 'A message for the person who waits at the websocket',
    example: { message: 'Project sockshop created', terminate: false, loglevel: 'INFO' },
  });
