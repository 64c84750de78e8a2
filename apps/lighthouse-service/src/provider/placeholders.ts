import { type SliRequest } from './sli-provider';

/**
 * Puts what is asked about into a query: `$PROJECT`, `$STAGE`, `$SERVICE`, `$DEPLOYMENT`, `$DURATION_SECONDS`, `$LABEL.x`, and
 * `$key` of each filter, in capital and in small letters. The longest name counts, and what was put in is not looked at again.
 *
 * @param duration such as `300s`
 */
export function withPlaceholders(query: string, request: SliRequest, duration: string): string {
  const values = valuesOf(request, duration);
  const names = [...values.keys()].sort((one, other) => other.length - one.length).map(escaped);
  return query.replaceAll(new RegExp(`\\$(${names.join('|')})`, 'g'), (placeholder, name: string) => {
    return values.get(name) ?? placeholder;
  });
}

function valuesOf(request: SliRequest, duration: string): ReadonlyMap<string, string> {
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
  return values.set('DURATION_SECONDS', duration);
}

const escaped = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
