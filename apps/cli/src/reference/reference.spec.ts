import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { commands } from '../commands';
import { referenceOf } from './reference';

const PAGE = join(import.meta.dirname, '../../../../docs/cli.md');

it('is the reference page in docs; npm run docs writes it anew', async () => {
  const config = await resolveConfig(PAGE);
  const page = await format(referenceOf(commands), { ...config, parser: 'markdown' });
  await expect(page).toMatchFileSnapshot(PAGE);
});
