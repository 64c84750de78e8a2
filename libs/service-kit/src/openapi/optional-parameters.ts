import { type OpenAPIObject } from '@nestjs/swagger';
import { mapOperations, type Operation } from './operations';

type Parameter = NonNullable<Operation['parameters']>[number];

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
  if (
    '$ref' in parameter ||
    parameter.required === true ||
    parameter.schema === undefined ||
    '$ref' in parameter.schema
  ) {
    return parameter;
  }
  const { example: ofSchema, description: _ofSchema, ...schema } = parameter.schema;
  const { example: ofParameter, ...rest } = parameter;
  const example: unknown = ofParameter ?? ofSchema;
  if (example === undefined) {
    return { ...rest, schema };
  }
  const shown = typeof example === 'string' ? example : JSON.stringify(example);
  const description = [parameter.description, `For example \`${shown}\``].filter(Boolean).join('. ');
  return { ...rest, schema, description, 'x-example': example } as Parameter;
};
