/** What an action is about, where a link has said it. */
export interface ActionSearch {
  readonly service?: string;
  readonly stage?: string;
}

export function readActionSearch({ service, stage }: Readonly<Record<string, unknown>>): ActionSearch {
  return {
    ...(typeof service === 'string' && service !== '' && { service }),
    ...(typeof stage === 'string' && stage !== '' && { stage }),
  };
}
