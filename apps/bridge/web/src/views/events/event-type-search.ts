/** Which event is to be sent, where a link has said it. */
export interface EventSearch {
  readonly type?: string;
  readonly project?: string;
}

export function readEventSearch({ type, project }: Readonly<Record<string, unknown>>): EventSearch {
  return {
    ...(typeof type === 'string' && type !== '' && { type }),
    ...(typeof project === 'string' && project !== '' && { project }),
  };
}
