import { type OpenAPIObject } from '@nestjs/swagger';
import { mapOperations, type Operation } from './operations';

type Parameter = NonNullable<Operation['parameters']>[number];

/** As the scanner writes it, without its `any`. */
interface ScannedParameter {
  readonly required?: boolean;
  readonly description?: string;
  readonly example?: unknown;
  readonly schema?: { readonly example?: unknown };
}

/**
 * Moves the example of each optional parameter into its description and `x-example`. Swagger UI fills an `example` in and
 * sends it, so that a list would be filtered by the examples of all its filters at once, and be empty.
 */
export function describeOptionalExamples(document: OpenAPIObject): OpenAPIObject {
  return mapOperations(document, (operation) => ({
    ...operation,
    parameters: (operation.parameters ?? []).map(withoutExample),
  }));
}

const withoutExample = (parameter: Parameter): Parameter => {
  const { schema, example: ofParameter, ...rest } = parameter as ScannedParameter;
  const { example: ofSchema, ...bareSchema } = schema ?? {};
  const example = ofParameter ?? ofSchema;
  if (rest.required === true || example === undefined) {
    return parameter;
  }
  const shown = typeof example === 'string' ? example : JSON.stringify(example);
  const description = [rest.description, `For example \`${shown}\``].filter(Boolean).join('. ');
  return { ...rest, schema: bareSchema, description, 'x-example': example } as unknown as Parameter;
};
