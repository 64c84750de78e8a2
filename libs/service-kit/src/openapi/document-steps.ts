import { type OpenAPIObject } from '@nestjs/swagger';
import { LINE_STREAM } from '@keptn/api-models';
import { allOperations, isInternal, mapOperations, type Operation } from './operations';

const INTERNAL_TAG = {
  name: 'Internal',
  description: 'Called by the services of the control plane among themselves; a gateway can refuse them to all others',
};

/** Shows the operations with `x-internal` as a group of their own after all others. */
export function groupInternalOperations(document: OpenAPIObject): OpenAPIObject {
  if (!allOperations(document).some(({ operation }) => isInternal(operation))) {
    return document;
  }
  const grouped = mapOperations(document, (operation) =>
    isInternal(operation) ? { ...operation, tags: [INTERNAL_TAG.name] } : operation,
  );
  return { ...grouped, tags: [...(grouped.tags ?? []), INTERNAL_TAG] };
}

/** The mark that the decorator leaves in the document. */
export const ALSO_AS_LINES = 'x-also-as-lines';

const LINES = { [LINE_STREAM]: { schema: { type: 'string', description: 'The same values, one a line, as JSON' } } };

/** Adds the media type of lines to the answers that `@ApiAlsoAsLines` marks; scanned answers have only JSON. */
export function documentLineStreams(document: OpenAPIObject): OpenAPIObject {
  return mapOperations(document, withLines);
}

const withLines = (operation: Operation): Operation => {
  if (!(ALSO_AS_LINES in operation)) {
    return operation;
  }
  const { 200: answer, ...others } = operation.responses;
  return {
    ...operation,
    responses: { 200: { ...answer, content: { ...contentOf(answer), ...LINES } }, ...others },
  } as Operation;
};

const contentOf = (answer: Operation['responses'][string]): object | undefined =>
  answer !== undefined && 'content' in answer ? answer.content : undefined;

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
