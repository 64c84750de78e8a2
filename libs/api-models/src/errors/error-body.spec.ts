import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorBody, ERRORS, eventContext, generalReason } from '../index';

describe('bodies of answers', () => {
  it('are components of OpenAPI by the names that clients know', () => {
    expect(z.globalRegistry.get(errorBody)?.id).toBe('Error');
    expect(z.globalRegistry.get(eventContext)?.id).toBe('EventContext');
  });

  it('always have their fields', () => {
    expect(errorBody.safeParse({ code: 404, message: 'Project not found' }).success).toBe(false);
    expect(eventContext.safeParse({ keptnContext: 'a' }).success).toBe(false);
  });
});

describe('the list of errors', () => {
  it('has only statuses of failures, and names that programs can rely on', () => {
    for (const [reason, { status }] of Object.entries(ERRORS)) {
      expect(reason).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
    }
  });

  it('has a general reason for each status', () => {
    expect(generalReason(404)).toBe('NOT_FOUND');
    expect(generalReason(503)).toBe('SERVICE_UNAVAILABLE');
    expect(generalReason(418)).toBe('INVALID_REQUEST');
    expect(generalReason(599)).toBe('INTERNAL_ERROR');
  });
});
