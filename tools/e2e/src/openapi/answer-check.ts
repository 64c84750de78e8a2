import Ajv, { type ValidateFunction } from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { type DocumentedOperation, type OpenApiDocument, responseOf, type Schema } from './document';

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** How much of an answer is shown when it is wrong, in characters. */
const SHOWN_LENGTH = 300;

/** Finds what an answer has that the documentation of its operation does not allow. */
export class AnswerCheck {
  // Schemas of OpenAPI 3.0 are those of JSON Schema's draft 4, and have keywords of their own.
  private readonly ajv = addFormats(new Ajv({ strict: false, allErrors: true, logger: false }));
  private readonly validators = new Map<Schema, ValidateFunction>();

  /** @returns what is wrong; undefined when the answer is as documented and no failure of the server */
  violationOf(operation: DocumentedOperation, answer: HttpAnswer): string | undefined {
    const { status, text } = answer;
    const shown = text.slice(0, SHOWN_LENGTH);
    if (status >= 500) {
      return `answers ${status}: ${shown}`;
    }
    const response = responseOf(operation, status);
    if (response === undefined) {
      return `answers ${status}, which is not documented: ${shown}`;
    }
    const mediaType = answer.contentType.split(';', 1)[0]?.trim() ?? '';
    const documented = response.content?.[mediaType];
    if (documented === undefined) {
      const isEmptyAsDocumented = text === '' && response.content === undefined;
      return isEmptyAsDocumented ? undefined : `answers ${status} with undocumented "${mediaType}": ${shown}`;
    }
    if (mediaType !== 'application/json' || documented.schema === undefined) {
      return undefined;
    }
    return this.schemaViolationOf(operation.document, documented.schema, text);
  }

  private schemaViolationOf(document: OpenApiDocument, schema: Schema, text: string): string | undefined {
    const validate = this.validators.get(schema) ?? this.compile(document, schema);
    this.validators.set(schema, validate);
    if (validate(parsed(text))) {
      return undefined;
    }
    return `${this.ajv.errorsText(validate.errors)}: ${text.slice(0, SHOWN_LENGTH)}`;
  }

  private compile({ components }: OpenApiDocument, schema: Schema): ValidateFunction {
    return this.ajv.compile(withoutExamples({ allOf: [schema], components }));
  }
}

/** The validator would take an `id` in an example for the name of a schema. */
const withoutExamples = <T>(schema: T): T =>
  JSON.parse(JSON.stringify(schema), (key, value: unknown) => (key === 'example' ? undefined : value)) as T;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
