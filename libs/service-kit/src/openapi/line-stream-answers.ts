import { type OpenAPIObject } from '@nestjs/swagger';
import { LINE_STREAM } from '../http/line-stream';
import { mapOperations, type Operation } from './operations';

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
