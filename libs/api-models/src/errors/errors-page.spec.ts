import { describe, expect, it } from 'vitest';
import { ERRORS } from './error-reasons';

const page = (): string => {
  const rows = Object.entries(ERRORS).map(
    ([reason, { status, meaning }]) => `| \`${reason}\` | ${status} | ${meaning} |`,
  );
  return [
    '# Errors',
    '',
    'Every answer that reports a failure is JSON: `code` is its HTTP status, `message` says to a person what is wrong and what to',
    'do, and `reason` names the failure for programs. A reason keeps its meaning in all versions; messages may change, apart from',
    'those that clients of Keptn 0.7 look for.',
    '',
    '```json',
    '{ "code": 404, "message": "Project not found", "reason": "PROJECT_NOT_FOUND" }',
    '```',
    '',
    '| reason | code | meaning |',
    '| --- | --- | --- |',
    ...rows,
    '',
    'Made from `libs/api-models/src/errors/error-reasons.ts` by `npm run docs`.',
    '',
  ].join('\n');
};

describe('docs/reference/errors.md', () => {
  it('is what the list of errors says', async () => {
    await expect(page()).toMatchFileSnapshot('../../../../docs/reference/errors.md');
  });
});
