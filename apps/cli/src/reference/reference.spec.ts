import { join } from 'node:path';
import { format } from 'oxfmt';
import { expect, it } from 'vitest';
import { commands } from '../commands';
import { referenceOf } from './reference';

const PAGE = join(import.meta.dirname, '../../../../docs/cli.md');

it('is the reference page in docs; npm run docs writes it anew', async () => {
  const { code } = await format(PAGE, referenceOf(commands));
  await expect(code).toMatchFileSnapshot(PAGE);
});
