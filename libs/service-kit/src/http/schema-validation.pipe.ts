import { type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { BadRequest } from '../errors/service-error';

/**
 * Checks a body, query or path parameter against the zod schema of its decorator, e.g. `@Body({ schema: createProject })`,
 * and hands the parsed value to the handler. The first violation is answered as 400 `name in body is required`, the form of
 * the original (contract 3.0).
 */
export class SchemaValidationPipe implements PipeTransform {
  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { schema } = metadata;
    if (schema === undefined) {
      return value;
    }
    const result = await schema['~standard'].validate(value);
    if (result.issues === undefined) {
      return result.value;
    }
    if (metadata.type === 'body' && value === undefined) {
      throw new BadRequest('a JSON body is required');
    }
    const [issue] = result.issues;
    throw new BadRequest(describeIssue(issue, value, metadata));
  }
}

/** Stands in a schema's message for the field and where it is, e.g. `name in body`. Messages without it are shown as they are. */
const FIELD = '{field}';

/** Texts that zod has for what a schema says nothing about. They name no field. */
const OF_ZOD = /^(?:Invalid|Unrecognized) /;

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

const describeIssue = (issue: Issue | undefined, value: unknown, { type, data }: ArgumentMetadata): string => {
  if (issue === undefined) {
    return `the ${type} is not valid`;
  }
  const location = type === 'param' ? 'path' : type;
  const keys = (issue.path ?? []).map((segment) => (typeof segment === 'object' ? segment.key : segment));
  const field = [...(data === undefined ? [] : [data]), ...keys.map(String)].join('.');
  const place = field === '' ? location : `${field} in ${location}`;
  // Whatever the schema would say of the missing value: that it is missing is what the caller needs to know.
  if (isMissing(value, keys)) return `${place} is required`;
  const { message } = issue;
  return OF_ZOD.test(message)
    ? `${place}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`
    : message.replace(FIELD, place);
};

const isMissing = (value: unknown, keys: readonly PropertyKey[]): boolean => {
  let current = value;
  for (const key of keys) {
    if (typeof current !== 'object' || current === null) {
      return false;
    }
    current = (current as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return current === undefined || current === null;
};

/** Words for violations that a schema has no words of its own for. Set once for the process: zod keeps one such map. */
export function useReadableValidationMessages(): void {
  z.config({
    customError: (issue) => {
      switch (issue.code) {
        case 'invalid_type':
          return `${FIELD} must be of type ${issue.expected}`;
        case 'too_big':
          return `${FIELD} should be ${issue.inclusive === false ? 'less than' : 'less than or equal to'} ${issue.maximum}${unit(issue.origin)}`;
        case 'too_small':
          return `${FIELD} should be ${issue.inclusive === false ? 'greater than' : 'greater than or equal to'} ${issue.minimum}${unit(issue.origin)}`;
        default:
          return undefined;
      }
    },
  });
}

const unit = (origin: string): string => {
  switch (origin) {
    case 'string':
      return ' characters long';
    case 'array':
      return ' items long';
    default:
      return '';
  }
};
