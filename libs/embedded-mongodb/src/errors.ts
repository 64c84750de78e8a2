/** Another engine uses the folder. */
export class StoreFolderInUseError extends Error {
  override readonly name = 'StoreFolderInUseError';
  /** @param socketPath where the other engine answers; absent when it is not reached through a socket of the folder */
  constructor(
    folder: string,
    readonly socketPath?: string,
  ) {
    super(`an embedded MongoDB already serves ${folder}; stop that process or choose another folder`);
  }
}

/** The folder cannot be made or written. */
export class StoreFolderNotWritableError extends Error {
  override readonly name = 'StoreFolderNotWritableError';
  constructor(folder: string, cause: unknown) {
    super(`the folder ${folder} of the embedded MongoDB cannot be written: ${reasonOf(cause)}`, { cause });
  }
}

/** The system's message without the path, which the sentence has, e.g. `ENOSPC: no space left on device`. */
const reasonOf = (cause: unknown): string =>
  cause instanceof Error ? (cause.message.split(',')[0] ?? cause.name) : String(cause);

/** What is in the folder is not a store, is damaged, or was written in a form that this version does not know. */
export class StoreUnreadableError extends Error {
  override readonly name = 'StoreUnreadableError';
  constructor(folder: string, cause: unknown) {
    super(`the store in ${folder} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

/** A part of what was stored cannot be read. Nothing was changed. */
export class StoreDamagedError extends Error {
  override readonly name = 'StoreDamagedError';
  constructor(
    readonly folder: string,
    readonly damages: readonly string[],
  ) {
    const more = damages.length > NAMED_DAMAGES ? `; and ${damages.length - NAMED_DAMAGES} more` : '';
    super(
      `the store in ${folder} is damaged: ${damages.slice(0, NAMED_DAMAGES).join('; ')}${more}. Nothing was changed: restore a ` +
        'backup, or keep what can be read with "npm run store -- salvage FOLDER"; see docs/operate/troubleshooting.md',
    );
  }
}

/** So many fit into a line that is read. */
const NAMED_DAMAGES = 3;

/** Codes and names as MongoDB's error_codes.yml has them. */
const CODES = {
  InternalError: 1,
  BadValue: 2,
  FailedToParse: 9,
  Unauthorized: 13,
  TypeMismatch: 14,
  InvalidLength: 16,
  IllegalOperation: 20,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  Overflow: 15,
  PathNotViable: 28,
  FileStreamFailed: 39,
  ConflictingUpdateOperators: 40,
  NotSingleValueField: 54,
  CursorNotFound: 43,
  NamespaceExists: 48,
  DollarPrefixedFieldName: 52,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  CannotIndexParallelArrays: 171,
  QueryPlanKilled: 175,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  CommandNotSupported: 115,
  CannotBuildIndexKeys: 201,
  IndexBuildAborted: 276,
  QueryExceededMemoryLimitNoDiskUseAllowed: 292,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  OutOfDiskSpace: 14031,
  Location40323: 40323,
  Location40324: 40324,
  Location51091: 51091,
} as const;

export type ErrorCodeName = keyof typeof CODES;

/** A failure that the client is told about, in the form that MongoDB's drivers know. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: number;

  /** @param details further fields of the error document, e.g. keyPattern and keyValue of a duplicate key */
  constructor(
    readonly codeName: ErrorCodeName,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.code = CODES[codeName];
  }
}

/** Says that a feature is missing here and what to do instead. */
export function notSupported(feature: string): CommandError {
  return new CommandError(
    'CommandNotSupported',
    `${feature} is not supported by the embedded store, which is a development and single-machine engine; ` +
      'use a real MongoDB (set MONGODB_URI) for it',
  );
}
