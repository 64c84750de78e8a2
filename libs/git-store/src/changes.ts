/** Writes a file. */
export interface PutFile {
  /** Below the root, segments separated by slashes, none at the start. */
  readonly path: string;
  readonly content: Buffer;
}

/** Deletes a file; one that does not exist is no error. */
export interface DeleteFile {
  readonly path: string;
  readonly delete: true;
}

/** Deletes a folder with everything in it; one that does not exist is no error. */
export interface DeleteFolder {
  readonly folder: string;
  readonly delete: true;
}

/** Changes of one commit are applied in their order. */
export type Change = PutFile | DeleteFile | DeleteFolder;
