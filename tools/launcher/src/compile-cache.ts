import * as module from 'node:module';
import { join } from 'node:path';

/** Beside the code that it is made from, where nobody else writes; a build removes both. */
const FOLDER = join(import.meta.dirname, 'compile-cache');

/** Since Node 22.1; the types are those of the oldest release that is supported. */
const { enableCompileCache } = module as { readonly enableCompileCache?: (folder: string) => unknown };

/** Keeps what Node compiles for the next start. */
export function keepCompiledCode(): void {
  enableCompileCache?.(FOLDER);
}
