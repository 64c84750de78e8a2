/** Which problems are listed; every part is in the URL. */
export interface ProblemFilter {
  readonly project?: string;
  readonly stage?: string;
  readonly service?: string;
  readonly state?: 'closed' | 'open';
}

const STATES = ['open', 'closed'] as const;

export function readProblemFilter(given: Readonly<Record<string, unknown>>): ProblemFilter {
  const names = (['project', 'stage', 'service'] as const).flatMap((name) => {
    const value = given[name];
    const text = typeof value === 'number' ? String(value) : value;
    return typeof text === 'string' && text.trim() !== '' ? [[name, text.trim()] as const] : [];
  });
  const state = STATES.find((each) => each === given['state']);
  return { ...Object.fromEntries(names), ...(state && { state }) };
}
