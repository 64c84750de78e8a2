/** What of the runs is shown; every part is in the URL. */
export interface RunFilter {
  readonly project?: string;
  readonly stage?: string;
  readonly service?: string;
  readonly kind?: RunKind;
  readonly state?: RunState;
  readonly image?: string;
  readonly label?: string;
  readonly keptnContext?: string;
  readonly fromTime?: string;
  readonly beforeTime?: string;
}

export const RUN_KINDS = ['delivery', 'evaluation', 'remediation'] as const;
export const RUN_STATES = ['open', 'finished'] as const;
type RunKind = (typeof RUN_KINDS)[number];
type RunState = (typeof RUN_STATES)[number];

const TEXTS = ['project', 'stage', 'service', 'image', 'label', 'keptnContext', 'fromTime', 'beforeTime'] as const;

/** What of a URL or a form is a filter; the rest is left out. Numbers are texts that look like numbers. */
export function readRunFilter(given: Readonly<Record<string, unknown>>): RunFilter {
  const texts = TEXTS.flatMap((name) => {
    const value = given[name];
    const text = typeof value === 'number' ? String(value) : value;
    return typeof text === 'string' && text.trim() !== '' ? [[name, text.trim()] as const] : [];
  });
  const kind = RUN_KINDS.find((each) => each === given['kind']);
  const state = RUN_STATES.find((each) => each === given['state']);
  return { ...Object.fromEntries(texts), ...(kind && { kind }), ...(state && { state }) };
}
