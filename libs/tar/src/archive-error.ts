/** An archive that is not read any further. The message is the reason, without a full stop: `it is damaged`. */
export class ArchiveError extends Error {}

/** Names in an archive come from anywhere and have any length. */
export const quoted = (name: string): string => JSON.stringify(name.slice(0, 100));
