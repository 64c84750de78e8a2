import { describe, expect, it } from 'vitest';
import { reachable } from './topology';

describe('the host of who listens', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['::', '127.0.0.1'],
    ['127.0.0.2', '127.0.0.2'],
    ['::1', '[::1]'],
    ['keptn.example.com', 'keptn.example.com'],
  ])('at %s is %s', (address, host) => {
    expect(reachable(address)).toBe(host);
  });
});
