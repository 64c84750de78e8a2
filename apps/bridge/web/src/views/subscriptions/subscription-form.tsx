import type { Subscription } from '@keptn/api-models';
import { Field, listIn, type Texts } from '../../ui/form';

type Filters = Subscription['filters'];

/** The names that the form has fields for; filters can be of many more kinds. */
const NAMES = ['project', 'service'];

/** The values of the fields, if they can hold all of the filters. */
export function fieldsOfFilters([first, ...others]: Filters): Readonly<Record<string, string>> | undefined {
  if (first === undefined) return {};
  const { exact = {}, ...rest } = first;
  const isSimple =
    [...others, ...Object.keys(rest)].length === 0 && Object.keys(exact).every((name) => NAMES.includes(name));
  return isSimple ? exact : undefined;
}

const exactIn = ({ project = '', service = '' }: Texts): Readonly<Record<string, string>> => ({
  ...(project && { project }),
  ...(service && { service }),
});

/** What the fields of {@link SubscriptionFields} say. */
export function subscriptionIn(texts: Texts) {
  const { sink = '', types = '', header = '', value = '' } = texts;
  const exact = exactIn(texts);
  const filters: Filters = Object.keys(exact).length === 0 ? [] : [{ exact }];
  return { sink, types: listIn(types), filters, ...(header && { secretHeaders: { [header]: value } }) };
}

/** The same as flags of the command. */
export const flagsIn = (texts: Texts) => ({
  sink: texts['sink'],
  type: listIn(texts['types'] ?? ''),
  filter: Object.entries(exactIn(texts)).map(([name, value]) => `${name}=${value}`),
  'secret-header': texts['header'] && `${texts['header']}=VALUE`,
});

/** @param now the subscription that is changed; a new one when absent */
export function SubscriptionFields({ now }: { readonly now?: Subscription }) {
  const filters = fieldsOfFilters(now?.filters ?? []);
  const kept = now?.secretHeaderNames.join(', ') ?? '';
  return (
    <>
      <Field
        name="sink"
        label="URL that events are posted to"
        required
        type={now ? 'text' : 'url'}
        defaultValue={now?.sink}
      />
      <Field name="types" label="Event types, with commas; all when empty" defaultValue={now?.types.join(', ')} />
      {filters !== undefined && (
        <>
          <Field name="project" label="Only of this project (optional)" defaultValue={filters['project']} />
          <Field name="service" label="Only of this service (optional)" defaultValue={filters['service']} />
        </>
      )}
      <Field
        name="header"
        label={kept === '' ? 'Secret header (optional)' : `Secret header in place of ${kept} (optional)`}
        placeholder="authorization"
      />
      <Field name="value" label="Value of the secret header" type="password" autoComplete="new-password" />
    </>
  );
}
