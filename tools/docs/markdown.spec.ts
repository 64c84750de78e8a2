import { describe, expect, it } from 'vitest';
import { citedSections, sectionsOf } from './citations';
import { anchorsOf, inlineCodesOf, linksOf } from './markdown';

describe('links', () => {
  it('are found in text, images, references and HTML', () => {
    const markdown = '[a](b.md) ![c](d.svg "e")\n\n[f]: g.md#h\n\n<img alt="" src="i.png"> <a href="#j">k</a>';
    expect(linksOf(markdown)).toEqual(['b.md', 'd.svg', 'g.md#h', 'i.png', '#j']);
  });

  it('are not looked for in code', () => {
    expect(linksOf('`[a](b)` and\n\n```sh\n[c](d)\n```\n\n1. x\n\n   ```\n   [e](f)\n   ```\n')).toEqual([]);
  });
});

describe('anchors', () => {
  it.each([
    ['## 4.3 Git layout', '43-git-layout'],
    ['### `POST /v1/event`', 'post-v1event'],
    ['## A [link](b.md), too', 'a-link-too'],
    ['## Größe & Maß', 'größe--maß'],
  ])('of %j are those of GitHub', (heading, anchor) => {
    expect([...anchorsOf(heading)]).toEqual([anchor]);
  });

  it('of equal headings are numbered', () => {
    expect([...anchorsOf('# A\n## A\n## A')]).toEqual(['a', 'a-1', 'a-2']);
  });

  it('are not made by comments of shell blocks', () => {
    expect([...anchorsOf('```sh\n# not a heading\n```\n<a id="b"></a>')]).toEqual(['b']);
  });
});

it('texts in backticks are found without them', () => {
  expect(inlineCodesOf('`a/b` and ``c ` d``')).toEqual(['a/b', 'c ` d']);
});

describe('citations', () => {
  it.each([
    ['// texts as in contract 3.9.', ['3.9']],
    ['(contract 3.3, 3.4)', ['3.3', '3.4']],
    ['the queries of contract 5.3 and 5.4, and of one event', ['5.3', '5.4']],
    ['/** Contract section 2 */', ['2']],
    ['/**\n * in the form of the contract\n * 4.10 */', ['4.10']],
    ['the contract of 3 services', []],
  ])('in %j are %j', (source, sections) => {
    expect(citedSections(source)).toEqual(sections);
  });

  it('lead to the numbers of headings', () => {
    expect(sectionsOf('# Gateway\n## 1. Routes\n### 1.2 Paths\n## 10 things')).toEqual(['1', '1.2', '10']);
  });
});
