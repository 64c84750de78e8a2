import type { NewSubscription } from '@keptn/api-models';
import { Failure, reasonOf } from '../../failures/failure';
import { decodeText } from '../../input/text';
import { type Variables, withVariables } from '../../input/variables';

/**
 * Reads a file that describes subscriptions. In sinks and secret headers `${NAME}` stands for a variable of the environment.
 *
 * @throws Failure when it describes none
 */
export async function readSubscriptions(
  content: Buffer,
  file: string,
  variable: Variables,
): Promise<NewSubscription[]> {
  const [{ parse }, { newSubscription }] = await Promise.all([import('yaml'), import('../../models')]);
  const listed = listOf(() => parse(decodeText(content, file)) as unknown, file);
  const seen = new Set<string>();
  return listed.map((item, index) => {
    const parsed = newSubscription.safeParse(filled(item, variable));
    if (!parsed.success) {
      const [{ path, message } = { path: [], message: 'it cannot be used' }] = parsed.error.issues;
      const field = path.map(String).join('.');
      const text = message.includes('{field}') ? message.replace('{field}', field) : `${field}: ${message}`;
      throw new Failure('usage', `${file}: subscription ${index + 1}: ${text}`);
    }
    const { name } = parsed.data;
    if (seen.has(name)) throw new Failure('usage', `${file}: subscription ${name} is there twice`);
    seen.add(name);
    return parsed.data;
  });
}

function listOf(parse: () => unknown, file: string): readonly unknown[] {
  const hint = 'It looks like "subscriptions: [{ name: approvals, sink: https://hooks.example.com/keptn }]".';
  try {
    const content = parse();
    if (typeof content === 'object' && content !== null && 'subscriptions' in content) {
      const { subscriptions } = content;
      if (Array.isArray(subscriptions)) return subscriptions;
    }
  } catch (error) {
    throw new Failure('usage', `${file} cannot be used: ${reasonOf(error)}`, { hint, cause: error });
  }
  throw new Failure('usage', `${file} has no list "subscriptions"`, { hint });
}

function filled(item: unknown, variable: Variables): unknown {
  if (typeof item !== 'object' || item === null) return item;
  const fill = (value: unknown): unknown => (typeof value === 'string' ? withVariables(value, variable) : value);
  return Object.fromEntries(
    Object.entries(item).map(([key, value]: [string, unknown]) => {
      if (key === 'sink') return [key, fill(value)];
      if (key !== 'secretHeaders' || typeof value !== 'object' || value === null) return [key, value];
      return [key, Object.fromEntries(Object.entries(value).map(([name, header]) => [name, fill(header)]))];
    }),
  );
}
