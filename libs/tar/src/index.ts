/** Tar archives: packed the same way every time, read with nothing taken on trust. */
export { ArchiveError } from './archive-error';
export { type PackedFile, packTgz } from './pack-tgz';
export { readTar, type TarEntry } from './read-tar';
export { type ArchiveLimits, readTgz, type UnpackedEntry } from './read-tgz';
export { TarWriter } from './tar-writer';
