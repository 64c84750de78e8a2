import { type OpenAPIObject } from '@nestjs/swagger';
import { mapOperations } from './operations';

const INTERNAL_TAG = {
  name: 'Internal',
  description:
    'Called by the services of the control plane among themselves; a gateway can refuse them to everybody else',
};

/** Shows the operations with `x-internal` as a group of their own behind all others. */
export function groupInternalOperations(document: OpenAPIObject): OpenAPIObject {
  let hasInternal = false;
  const grouped = mapOperations(document, (operation) => {
    const isInternal = 'x-internal' in operation;
    hasInternal ||= isInternal;
    return isInternal ? { ...operation, tags: [INTERNAL_TAG.name] } : operation;
  });
  return hasInternal ? { ...grouped, tags: [...(grouped.tags ?? []), INTERNAL_TAG] } : grouped;
}
