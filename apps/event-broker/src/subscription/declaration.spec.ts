import { describe, expect, it } from 'vitest';
import { readDeclarations } from './declaration';

const SINK = 'http://view:8080/v1/event';

describe('a declared subscription', () => {
  it('gets everything in the order of contexts from the end of the log, unless its options say otherwise', () => {
    const options = 'strict;from=beginning;imported;max-age=7d;types=a.>|b;fields=stage|service;collect=100ms';
    expect(readDeclarations(`plain=${SINK}, view=${SINK};${options}`)).toEqual([
      { name: 'plain', sink: SINK, order: 'context', types: [], from: 'end' },
      {
        name: 'view',
        sink: SINK,
        order: 'strict',
        types: ['a.>', 'b'],
        fields: ['stage', 'service'],
        from: 'beginning',
        imported: true,
        maxAge: '7d',
        collectMs: 100,
      },
    ]);
  });

  it.each([
    ['no URL', 'view=elsewhere', 'must be subscriptions such as'],
    ['a name twice', `view=${SINK},view=${SINK}`, 'must not name "view" twice'],
    ['an unknown option', `view=${SINK};fast`, 'must not have the option "fast"'],
    ['fields that have no names', `view=${SINK};fields=stage|`, 'must not have the option "fields=stage|"'],
    ['collecting for ever', `view=${SINK};strict;collect=1h`, 'must not have the option "collect=1h"'],
    ['collecting with requests side by side', `view=${SINK};collect=100ms`, '"collect" without "strict"'],
  ])('is refused with a reason: %s', (_what, text, reason) => {
    expect(readDeclarations(text)).toContain(reason);
  });
});
