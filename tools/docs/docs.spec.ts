import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { citedSections, sectionsOf } from './citations';
import { anchorsOf, inlineCodesOf, linksOf } from './markdown';
import { filesWith, foldersIn, ROOT, textOf } from './repository';

const PAGES = filesWith('.md');
const REFERENCE = PAGES.filter((page) => page.startsWith('docs/reference/'));
const SECTIONS = REFERENCE.flatMap((page) => sectionsOf(textOf(page)));

/** Written by programs at other times than the page that names them. */
const NOT_IN_THE_REPOSITORY = new Set(['tools/e2e/screenshots']);

/** Nobody sets these but Kubernetes and tests. */
const SET_BY_KUBERNETES = new Set(['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT', 'SERVICE_ACCOUNT_DIR']);

const isExternal = (target: string): boolean => /^[a-z][a-z+.-]*:/i.test(target);

/** What is wrong with a link, nothing when it leads somewhere. */
function faultOf(page: string, target: string): string | undefined {
  if (isExternal(target)) return undefined;
  const [path = '', fragment] = target.split('#', 2);
  const file = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path)));
  if (file.startsWith('..')) return `${target} leaves the repository`;
  if (!existsSync(join(ROOT, file))) return `${target} leads nowhere`;
  if (fragment === undefined) return undefined;
  if (!file.endsWith('.md')) return `${target} has a fragment, but is no page`;
  return anchorsOf(textOf(file)).has(fragment) ? undefined : `${target}: no heading has this fragment`;
}

describe.each(PAGES)('%s', (page) => {
  const text = textOf(page);

  it('has links that lead somewhere', () => {
    expect(linksOf(text).flatMap((target) => faultOf(page, target) ?? [])).toEqual([]);
  });

  it('names files and folders that exist', () => {
    const named = inlineCodesOf(text).filter((code) => /^(?:apps|deploy|docs|libs|tools)\/[\w./-]+$/.test(code));
    expect(named.filter((path) => !NOT_IN_THE_REPOSITORY.has(path) && !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

it('the page about the architecture names every app and library', () => {
  const named = inlineCodesOf(textOf('docs/architecture.md'));
  const projects = ['apps', 'libs'].flatMap((folder) => foldersIn(folder));
  expect(projects.filter((project) => !named.includes(project))).toEqual([]);
});

describe('docs/operate/settings.md', () => {
  const named = inlineCodesOf(textOf('docs/operate/settings.md'));
  const files = filesWith('.ts').filter((file) => /^(?:apps|libs|tools\/launcher)\/.*\bsettings\.ts$/.test(file));

  it.each(files)('names what %s reads', (file) => {
    const variables = [...textOf(file).matchAll(/^ {2}([A-Z][A-Z\d_]+): /gm)].map(([, variable = '']) => variable);
    expect(variables.filter((variable) => !named.includes(variable) && !SET_BY_KUBERNETES.has(variable))).toEqual([]);
  });
});

describe('the wire contract in docs/reference', () => {
  it('has each section once', () => {
    expect(SECTIONS.length).toBeGreaterThan(0);
    expect(SECTIONS.filter((section, index) => SECTIONS.indexOf(section) !== index)).toEqual([]);
  });

  it('has every section that a comment, a test or a page cites', () => {
    const sources = filesWith('.ts', '.tsx', '.mjs', '.js', '.sh', '.yaml', '.md');
    const dangling = sources
      .filter((file) => !file.startsWith('tools/docs/'))
      .flatMap((file) => citedSections(textOf(file)).map((section) => ({ file, section })))
      .filter(({ section }) => !SECTIONS.includes(section));
    expect(dangling).toEqual([]);
  });
});
