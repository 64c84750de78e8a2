/** Which event of a run is open. */
export interface Selection {
  /** Id of an event. */
  readonly event?: string;
  /** As the Bridge of 0.7 linked: a stage, or the type of an event, of which the last is meant. */
  readonly focus?: string;
}

export function readSelection(given: Readonly<Record<string, unknown>>): Selection {
  const { event, focus } = given;
  return { ...(typeof event === 'string' && { event }), ...(typeof focus === 'string' && { focus }) };
}
