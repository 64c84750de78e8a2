import { projectName } from '@keptn/event-models';
import { z } from 'zod';
import { nanosecondsText } from '../domain/nanoseconds.dto';
import { pageFields } from '../domain/page.dto';
import { expandedStage } from '../domain/read-models.dto';
import { upstreamAnswer, upstreamFields } from '../upstream/upstream.dto';

export const createProjectQuery = z.object({
  dryRun: z
    .enum(['true', 'false'], '{field} must be true or false')
    .optional()
    .meta({ description: 'true: test name, shipyard and upstream, and change nothing' }),
});
export type CreateProjectQuery = z.infer<typeof createProjectQuery>;

export const createProject = z
  .object({
    projectName: projectName.meta({ description: 'Name of the new project', example: 'sockshop-2' }),
    shipyard: z
      .string()
      .nullish()
      .meta({
        description:
          'Base64 of the shipyard (YAML). With it, shipyard.yaml and a branch for each of its stages are made together ' +
          'with the project',
        example: 'c3RhZ2VzOgogIC0gbmFtZTogImRldiIKICAgIGRlcGxveW1lbnRfc3RyYXRlZ3k6ICJkaXJlY3QiCg==',
      }),
    ...upstreamFields,
  })
  .meta({ id: 'CreateProject' });
export type CreateProject = z.infer<typeof createProject>;

export const updateProject = z
  .object({ projectName: projectName.nullish(), ...upstreamFields })
  .meta({ id: 'UpdateProject' });
export type UpdateProject = z.infer<typeof updateProject>;

export const expandedProject = z
  .object({
    projectName: z.string().meta({ example: 'sockshop' }),
    shipyard: z.string().optional().meta({ description: 'Base64 of shipyard.yaml; absent when the project has none' }),
    creationDate: nanosecondsText,
    ...upstreamAnswer,
    stages: z.array(expandedStage).meta({ description: 'In the order of the shipyard' }),
  })
  .meta({ id: 'ExpandedProject' });
export type ExpandedProject = z.infer<typeof expandedProject>;

export const expandedProjects = z
  .object({ ...pageFields, projects: z.array(expandedProject) })
  .meta({ id: 'ExpandedProjects' });
export type ExpandedProjects = z.infer<typeof expandedProjects>;
