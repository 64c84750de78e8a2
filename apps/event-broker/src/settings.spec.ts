import { expect, it } from 'vitest';
import { settings } from './settings';

const leaseOf = (text: string) => settings.shape.DISTRIBUTION_LEASE_MS.safeParse(text);

it('the lease of the replica that distributes lasts a second at least', () => {
  expect(leaseOf('1000').data).toBe(1_000);
  expect(leaseOf('999').error?.issues).toMatchObject([
    { message: 'must be a number of milliseconds from 1000 to 86400000' },
  ]);
});
