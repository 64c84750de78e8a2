import { stageName } from '@keptn/event-models';
import { z } from 'zod';
import { pageFields } from '../domain/page.dto';
import { expandedStage } from '../domain/read-models.dto';

export const createStage = z
  .object({ stageName: stageName.meta({ description: 'Name of the new stage', example: 'production' }) })
  .meta({ id: 'CreateStage' });
export type CreateStage = z.infer<typeof createStage>;

export const updateStage = z
  .object({ stageName: stageName.nullish().meta({ description: 'The name in the path', example: 'dev' }) })
  .meta({ id: 'UpdateStage' });
export type UpdateStage = z.infer<typeof updateStage>;

export const expandedStages = z
  .object({ ...pageFields, stages: z.array(expandedStage) })
  .meta({ id: 'ExpandedStages' });
export type ExpandedStages = z.infer<typeof expandedStages>;
