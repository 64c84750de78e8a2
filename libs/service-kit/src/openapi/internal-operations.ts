import { type OpenAPIObject } from '@nestjs/swagger';
import { allOperations, isInternal, mapOperations } from './operations';

const INTERNAL_TAG = {
  name: 'Internal',
  description:
    'Called by the services of the control plane among themselves; a gateway can refuse them to everybody else',
};

/** Shows the operations with `x-internal` as a group of their own behind all others. */
export function groupInternalOperations(document: OpenAPIObject): OpenAPIObject {
  if (!allOperations(document).some(({ operation }) => isInternal(operation))) {
    return document;
  }
  const grouped = mapOperations(document, (operation) =>
    isInternal(operation) ? { ...operation, tags: [INTERNAL_TAG.name] } : operation,
  );
  return { ...grouped, tags: [...(grouped.tags ?? []), INTERNAL_TAG] };
}
