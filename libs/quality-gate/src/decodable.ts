type Check = (value: unknown) => boolean;

const isNothing = (value: unknown): boolean => value === undefined || value === null;

/** In Go `null`, and what is absent, fit every type. */
const orNothing =
  (check: Check): Check =>
  (value) =>
    isNothing(value) || check(value);

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] | undefined =>
  typeof value === 'object' && !Array.isArray(value) ? Object.entries(value as object) : undefined;

const text = orNothing((value) => typeof value === 'string');
const number = orNothing((value) => typeof value === 'number');
const flag = orNothing((value) => typeof value === 'boolean');
const texts = orNothing((value) => entriesOf(value)?.every(([, item]) => text(item)) ?? false);

const list = (check: Check): Check => orNothing((value) => Array.isArray(value) && value.every(check));

const struct = (fields: Readonly<Record<string, Check>>): Check =>
  orNothing((value) => entriesOf(value)?.every(([name, field]) => fields[name]?.(field) ?? true) ?? false);

/**
 * Whether Keptn 0.7 could have decoded the data of an event `evaluation-done`: what it knew has the type that it had there. It passed over
 * events that it could not decode.
 */
export const isDecodable: Check = struct({
  project: text,
  stage: text,
  service: text,
  teststrategy: text,
  deploymentstrategy: text,
  result: text,
  labels: texts,
  evaluationdetails: struct({
    timeStart: text,
    timeEnd: text,
    result: text,
    score: number,
    sloFileContent: text,
    indicatorResults: list(
      struct({
        score: number,
        status: text,
        value: struct({ metric: text, value: number, success: flag, message: text }),
        targets: list(struct({ criteria: text, targetValue: number, violated: flag })),
      }),
    ),
  }),
});
