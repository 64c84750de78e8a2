/**
 * Write concern for what may be acknowledged before it is in the journal. The journal keeps the order, so that it is there before
 * anything that is written to the same replica set later.
 */
export const UNJOURNALED = { w: 'majority', j: false } as const;
