import { describe, expect, it } from 'vitest';
import { type SliRequest } from '../sli-provider';
import { queryOf } from './query-template';

/** @param build a label @param handler a filter */
function asked(template: string, build: string, handler = '5..'): string {
  const names = { project: 'sockshop', stage: 'staging', service: 'carts', deployment: 'direct' };
  const request: SliRequest = {
    ...{ ...names, provider: 'prometheus', teststrategy: '', deploymentstrategy: '', start: '', end: '' },
    ...{ labels: { build }, indicators: [], filters: [{ key: 'handler', value: handler }] },
  };
  return queryOf(template, request, { DURATION_SECONDS: '300s' });
}

describe('a query', () => {
  it.each([
    ['1"}[1m])) * 0 # ', String.raw`x{build="1\"}[1m])) * 0 # "}`],
    [String.raw`feature\x`, String.raw`x{build="feature\\x"}`],
    ["it's\nthis", String.raw`x{build="it\'s\nthis"}`],
  ])('holds the label %j in its text', (build, query) => {
    expect(asked('x{build="$LABEL.build"}', build)).toBe(query);
  });

  it('holds a filter as it is written for PromQL', () => {
    expect(asked(`x{code=~'$handler'}`, '', String.raw`!~'a\\.b'`)).toBe(String.raw`x{code=~'!~a\\.b'}`);
    expect(() => asked(`x{code=~'$handler'}`, '', 'a\\')).toThrow('cannot stand in a text of PromQL');
  });

  it('holds words and durations also between its texts, and nothing else there', () => {
    expect(asked('rate($LABEL.build{a="$LABEL.build"}[$DURATION_SECONDS])', 'x:y_1')).toBe(
      'rate(x:y_1{a="x:y_1"}[300s])',
    );
    expect(() => asked('x[$handler]', '', '5m]) or sum(up')).toThrow('can stand only inside of quotes');
    expect(() => asked(String.raw`x{a="\"$LABEL.build"} + $LABEL.build`, 'a)')).toThrow('can stand only inside');
    expect(() => asked('x{a="\'"} + $LABEL.build', 'a)')).toThrow('can stand only inside');
  });

  it('holds no backtick in a text of backticks, where nothing can be escaped', () => {
    expect(asked('x{a=`$LABEL.build`}', String.raw`a"\b`)).toBe('x{a=`a"\\b`}');
    expect(() => asked('x{a=`$LABEL.build`}', 'a`})or(b{c=`')).toThrow('no text in backticks can hold the value');
  });

  it('leaves its comments alone', () => {
    expect(asked('up # $LABEL.build', 'a\nb')).toBe('up # $LABEL.build');
  });

  it('is taken apart in one go, however long it is', () => {
    const template = `"${'\\'.repeat(1024 * 1024)}`;
    expect(asked(template, '')).toBe(template);
  });
});
