/** A remark about a file: where it is, and what is expected instead. */
export interface Finding {
  /** Line of the text, from 1. */
  readonly line: number;
  /** Column of the line, from 1. */
  readonly column: number;
  /** Path of the field, such as `stages[1].name`; empty for the file as a whole. */
  readonly field: string;
  readonly message: string;
  /** A hint is about a file that Keptn can use all the same. */
  readonly severity: 'error' | 'hint';
}

/** A finding in one line: `line 4, column 5: stages[1].name: …`. */
export function describeFinding({ line, column, field, message, severity }: Finding): string {
  const kind = severity === 'hint' ? 'hint: ' : '';
  return `line ${line}, column ${column}: ${kind}${field === '' ? '' : `${field}: `}${message}`;
}

/** The path of a field as people write it: `stages[1].name`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
