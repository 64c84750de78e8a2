import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** Folders that people write in; everything else is made by programs. */
const WRITTEN = ['.github', 'apps', 'deploy', 'docs', 'libs', 'tools'];

/** Files with one of the endings, by their paths from the top folder. */
export function filesWith(...endings: readonly string[]): string[] {
  const top = readdirSync(ROOT, { withFileTypes: true });
  const folders = top.filter((entry) => entry.isDirectory() && WRITTEN.includes(entry.name));
  const files = top.filter((entry) => entry.isFile()).map(({ name }) => name);
  for (const { name } of folders) {
    for (const entry of readdirSync(join(ROOT, name), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) files.push(relative(ROOT, join(entry.parentPath, entry.name)));
    }
  }
  return files.filter((file) => endings.includes(extname(file)) && !file.includes('node_modules')).toSorted();
}

/** The folders in a folder that are projects, by their paths from the top folder. */
export const foldersIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .map((name) => `${folder}/${name}`)
    .filter((path) => existsSync(join(ROOT, path, 'project.json')));

export const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
