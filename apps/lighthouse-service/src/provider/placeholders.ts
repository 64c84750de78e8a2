import { type SliRequest } from './sli-provider';

/** How a value is written where its placeholder stands. */
type Spelling = (value: string) => string;

const asItIs: Spelling = (value) => value;

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
  spelling = asItIs,
): string {
  const values = new Map([...valuesOf(request), ...Object.entries(own)]);
  const names = [...values.keys()].sort((one, other) => other.length - one.length).map(escaped);
  return template.replaceAll(new RegExp(`\\$(${names.join('|')})`, 'g'), (placeholder, name: string) => {
    const value = values.get(name);
    return value === undefined ? placeholder : spelling(value);
  });
}

function valuesOf(request: SliRequest): ReadonlyMap<string, string> {
  const { project, stage, service, deployment, labels, filters } = request;
  const values = new Map<string, string>();
  for (const { key, value } of filters.filter(({ key }) => key !== '')) {
    const unquoted = value.replaceAll(/['"]/g, '');
    values.set(key, unquoted);
    values.set(key.toUpperCase(), unquoted);
  }
  for (const [name, value] of Object.entries({ project, stage, service, deployment })) {
    values.set(name, value);
    values.set(name.toUpperCase(), value);
  }
  for (const [name, value] of Object.entries(labels ?? {})) values.set(`LABEL.${name}`, value);
  return values;
}

const escaped = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
