import { UsageFailure } from '../failures/failure';

const VARIABLE = /\$\{(\w+)\}/g;

/** Reads a variable of the environment. */
export type Variables = (name: string) => string | undefined;

/**
 * A text in which `${NAME}` stands for a variable of the environment, so that a secret need not be in a file or a command line.
 *
 * @throws UsageFailure when there is no such variable
 */
export function withVariables(text: string, variable: Variables): string {
  return text.replaceAll(VARIABLE, (_, name: string) => {
    const value = variable(name);
    if (value === undefined) throw new UsageFailure(`the environment has no ${name}, for which there is \${${name}}`);
    return value;
  });
}
