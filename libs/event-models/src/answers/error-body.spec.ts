import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorBody, eventContext } from './error-body';

describe('bodies of answers', () => {
  it('are components of OpenAPI by the names that clients know', () => {
    expect(z.globalRegistry.get(errorBody)?.id).toBe('Error');
    expect(z.globalRegistry.get(eventContext)?.id).toBe('EventContext');
  });

  it('always have their fields', () => {
    expect(errorBody.safeParse({ code: 404 }).success).toBe(false);
    expect(errorBody.parse({ code: 404, message: 'Project not found' }).message).toBe('Project not found');
    expect(eventContext.safeParse({ keptnContext: 'a' }).success).toBe(false);
  });
});
