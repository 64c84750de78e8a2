import { z } from 'zod';
import { pageFields } from '../domain/page.dto';
import { remediation } from '../domain/read-models.dto';

export const remediations = z
  .object({ ...pageFields, remediations: z.array(remediation) })
  .meta({ id: 'Remediations' });
export type Remediations = z.infer<typeof remediations>;

export const remediationParameter = z.string().max(1024).meta({
  description: 'Keptn context of the remediation',
  example: 'a3e5f16d-8888-4720-82c7-6995062905c1',
});
