import { errorBody } from '@keptn/api-models';
import { applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { ALSO_AS_LINES } from './document-steps';

/** Documents the failures of an operation that not all have in common; all have the same body. */
export function ApiErrors(errors: Readonly<Record<number, string>>): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ...Object.entries(errors).map(([status, description]) =>
      ApiResponse({ status: Number(status), description, standardSchema: errorBody }),
    ),
  );
}

/**
 * Marks an operation that other services call: it is shown apart, and a gateway can refuse it to the outside. The word in the
 * summary is the original's mark (contract 4.6).
 */
export function ApiInternalOperation(options: { summary: string; description?: string }): MethodDecorator {
  return applyDecorators(
    ApiOperation({ ...options, summary: `INTERNAL: ${options.summary}` }),
    ApiExtension('x-internal', true),
  );
}

/** Documents that the operation answers 200 as a stream of lines as well, to those who accept it. */
export const ApiAlsoAsLines = (): MethodDecorator => ApiExtension(ALSO_AS_LINES, true);
