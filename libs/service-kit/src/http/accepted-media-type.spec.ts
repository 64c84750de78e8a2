import { describe, expect, it } from 'vitest';
import { acceptedMediaType } from './accepted-media-type';

const JSON_TYPE = 'application/json';
const LINES = 'application/x-ndjson';

describe('the media type that a caller gets', () => {
  it.each([
    [undefined, JSON_TYPE],
    ['', JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    [JSON_TYPE, JSON_TYPE],
    ['Application/JSON', JSON_TYPE],
    [LINES, LINES],
    [`${JSON_TYPE};q=0.5, ${LINES}`, LINES],
    [`${LINES};q=0.1, application/*;q=0.2`, JSON_TYPE],
    [`${JSON_TYPE};q=0, */*`, LINES],
    ['text/csv, */*;q=0.1', JSON_TYPE],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', JSON_TYPE],
    ['application/json, text/plain, */*', JSON_TYPE],
    ['application/json;charset=utf-8', JSON_TYPE],
    ['application/json; charset="utf-8" ; q=0.1', JSON_TYPE],
  ])('for Accept %j is %s', (accept, mediaType) => {
    expect(acceptedMediaType({ accept }, [JSON_TYPE, LINES])).toBe(mediaType);
  });

  it.each(['text/csv', 'nonsense', ', ,', 'text/*, image/png;q=0.5', '*/*;q=0', `${JSON_TYPE};charset=utf-8;q=0`])(
    'does not exist for Accept %j',
    (accept) => {
      expect(() => acceptedMediaType({ accept }, [JSON_TYPE])).toThrow(
        'unsupported media type requested, only [application/json] are available',
      );
    },
  );
});
