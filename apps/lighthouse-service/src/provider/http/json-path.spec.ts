import { describe, expect, it } from 'vitest';
import { NoValue } from '../no-value';
import { jsonPath } from './json-path';
import { jsonValue } from './json-value';

describe('a path', () => {
  it.each([
    '$.data.result[0].value[1]',
    '$..series[?@.name=="p95" && length(@.values) > 1].values[-1]',
    '$.a[*].b[0:2]..c',
  ])('%s is read', (text) => {
    expect(jsonPath(text).toString()).toMatch(/^\$/);
  });

  it.each([
    ['$..*..*', 'has ".." more than once'],
    ["$['a','a']", 'has several selectors in one pair of brackets'],
    ['$[?$[?@==2]]', 'has a filter with more than single values below @'],
    ['$[?count(@..*)>1]', 'has a filter with more than single values below @'],
    ['$[?!(@.a==1 || $.b==@.c)]', 'has a filter with more than single values below @'],
    ['$[*][*].a[*][?@.b]..c', 'has more than 4 of'],
    ['$' + '.a'.repeat(17), 'has more than 16 segments'],
    ['$' + '['.repeat(300), 'is longer than 300 characters'],
    ['$.[', 'cannot be read'],
  ])('%s is refused', (text, reason) => {
    expect(() => jsonPath(text)).toThrow(reason);
  });

  it.each([
    ['longer than the arguments of a function', `[${'1,'.repeat(200_000)}1]`, '$[*]'],
    ['deeper than a search goes', '['.repeat(100) + ']'.repeat(100), '$..a'],
  ])('finds no value in an answer that is %s', (_, answer, text) => {
    expect(() => jsonValue(answer, jsonPath(text))).toThrow(NoValue);
  });
});
