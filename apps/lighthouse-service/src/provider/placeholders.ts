import { NoValue } from './no-value';
import { type SliRequest } from './sli-provider';

/** The SLO file says the values of filters; whoever sends an event those of labels. */
export type Origin = 'filter' | 'event' | 'provider';

/**
 * How a value is written where its placeholder stands.
 *
 * @throws NoValue where it must not stand
 */
export type Spelling = (value: string, origin: Origin) => string;

/** A label goes on as far as a name may: `$LABEL.branch` is not the label `b`, nor `$LABEL.build.id` the label `build`. */
const LABEL_ENDS = String.raw`(?![\p{L}\p{N}_]|[.-][\p{L}\p{N}_])`;
const ANY_LABEL = String.raw`LABEL\.[\p{L}\p{N}_]+(?:[.-][\p{L}\p{N}_]+)*`;

/**
 * Puts what is asked about into a template: `$PROJECT`, `$STAGE`, `$SERVICE`, `$DEPLOYMENT`, `$LABEL.x`, `$key` of each filter, in capital
 * and in small letters, and the placeholders of the provider. The longest name counts, and what was put in is not looked at again.
 *
 * @param own placeholders of the provider, by name, such as `DURATION_SECONDS`
 * @throws NoValue for a label that the evaluation does not have
 */
export function withPlaceholders(
  template: string,
  request: SliRequest,
  own: Readonly<Record<string, string>>,
  spelling: Spelling,
): string {
  const values = valuesOf(request);
  for (const [name, value] of Object.entries(own)) values.set(name, [value, 'provider']);
  return template.replaceAll(new RegExp(`\\$(${patternOf([...values.keys()])})`, 'gu'), (_, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new NoValue(`the evaluation has no label ${name.slice(LABEL.length)}`);
    return spelling(...value);
  });
}

const LABEL = 'LABEL.';

function valuesOf(request: SliRequest): Map<string, readonly [value: string, origin: Origin]> {
  const { project, stage, service, deployment, labels, filters } = request;
  const values = new Map<string, readonly [value: string, origin: Origin]>();
  for (const { key, value } of filters.filter(({ key }) => key !== '')) {
    const unquoted = value.replaceAll(/['"]/g, '');
    values.set(key, [unquoted, 'filter']);
    values.set(key.toUpperCase(), [unquoted, 'filter']);
  }
  for (const [name, value] of Object.entries({ project, stage, service, deployment })) {
    values.set(name, [value, 'event']);
    values.set(name.toUpperCase(), [value, 'event']);
  }
  for (const [name, value] of Object.entries(labels ?? {})) values.set(LABEL + name, [value, 'event']);
  return values;
}

/** Labels before anything else, so that none is taken for a shorter name with a rest. */
function patternOf(names: readonly string[]): string {
  const longestFirst = names.toSorted((one, other) => other.length - one.length);
  const labels = longestFirst.filter((name) => name.startsWith(LABEL)).map((name) => escaped(name) + LABEL_ENDS);
  const others = longestFirst.filter((name) => !name.startsWith(LABEL)).map(escaped);
  return [...labels, ANY_LABEL, ...others].join('|');
}

const escaped = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
