import { stageName } from '@keptn/event-models';
import { z } from 'zod';
import { pageFields } from '../paging/page.dto';
import { expandedService } from '../service/service.dto';

export const stageParameter = stageName.meta({ description: 'Name of the stage', example: 'dev' });

export const createStage = z
  .object({ stageName: stageName.meta({ description: 'Name of the new stage', example: 'production' }) })
  .meta({ id: 'CreateStage' });
export type CreateStage = z.infer<typeof createStage>;

export const updateStage = z
  .object({ stageName: stageName.nullish().meta({ description: 'The name in the path', example: 'dev' }) })
  .meta({ id: 'UpdateStage' });
export type UpdateStage = z.infer<typeof updateStage>;

export const expandedStage = z
  .object({
    stageName: z.string().meta({ example: 'dev' }),
    services: z.array(expandedService).meta({ description: 'In the order of their creation' }),
  })
  .meta({ id: 'ExpandedStage' });
export type ExpandedStage = z.infer<typeof expandedStage>;

export const expandedStages = z
  .object({ ...pageFields, stages: z.array(expandedStage) })
  .meta({ id: 'ExpandedStages' });
export type ExpandedStages = z.infer<typeof expandedStages>;
