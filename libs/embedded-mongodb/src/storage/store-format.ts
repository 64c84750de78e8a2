/** The maps of a store, in the order of their numbers in the log. */
export const MAPS = ['catalog', 'records', 'entries', 'trash', 'counts'] as const;

export type MapName = (typeof MAPS)[number];

/** What can be computed from the other maps. */
export const DERIVED: ReadonlySet<string> = new Set<MapName>(['entries', 'counts']);

/** Beside the maps: the form of the files, and the process that may write. Its values have no checksums. */
export const OWNERS = 'owners';

/** The form of keys, values and logs; another number for every change that older versions would misread. */
export const FORMAT = '3';
export const FORMAT_KEY = 'format';

/** Older forms, whose values in LMDB have no checksums. Format 1 had no log; what it stored is the same. */
export const UNSEALED_FORMATS: ReadonlySet<string> = new Set(['1', '2']);
