import { type SliRequest } from './sli-provider';

/** Files say the values of filters; whoever sends an event those of labels. */
export type Origin = 'filter' | 'event' | 'provider';

/**
 * How a value is written where its placeholder stands.
 *
 * @throws NoValue where it must not stand
 */
type Spelling = (value: string, origin: Origin) => string;

/**
 * Puts what is asked about into a template: `$PROJECT`, `$STAGE`, `$SERVICE`, `$DEPLOYMENT`, `$LABEL.x`, `$key` of each filter, in capital
 * and in small letters, and the placeholders of the provider. The longest name counts, and what was put in is not looked at again.
 *
 * @param own placeholders of the provider, by name, such as `DURATION_SECONDS`
 */
export function withPlaceholders(
  template: string,
  request: SliRequest,
  own: Readonly<Record<string, string>>,
  spelling: Spelling,
): string {
  const values = valuesOf(request);
  for (const [name, value] of Object.entries(own)) values.set(name, [value, 'provider']);
  const names = [...values.keys()].sort((one, other) => other.length - one.length).map(escaped);
  return template.replaceAll(new RegExp(`\\$(${names.join('|')})`, 'g'), (placeholder, name: string) => {
    const value = values.get(name);
    return value === undefined ? placeholder : spelling(...value);
  });
}

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
  for (const [name, value] of Object.entries(labels ?? {})) values.set(`LABEL.${name}`, [value, 'event']);
  return values;
}

const escaped = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
