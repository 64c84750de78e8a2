import { describe, expect, it } from 'vitest';
import { requirePermitted, permittedLookup, AddressNotPermitted } from './permitted-lookup';
import { isNetwork, PermittedNetworks } from './permitted-networks';

const INSIDE = [
  '127.0.0.1',
  '0.0.0.0',
  '10.1.2.3',
  '169.254.169.254',
  '192.168.0.1',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:a00:1',
  'fd00::1',
  'fe80::1',
  '64:ff9b::a00:1',
];

describe('the addresses that may be connected to', () => {
  it('are none of this machine, its networks, or hidden ones of them', () => {
    const networks = new PermittedNetworks([], 'ALLOWED_NETWORKS');
    expect(INSIDE.filter((address) => networks.permits(address))).toEqual([]);
    expect(['93.184.215.14', '2606:2800:21f:cb07::1'].filter((address) => networks.permits(address))).toHaveLength(2);
  });

  it('are also those that the operator allows', () => {
    const networks = new PermittedNetworks(['10.1.0.0/16', '::1'], 'ALLOWED_NETWORKS');
    expect(INSIDE.filter((address) => networks.permits(address))).toEqual(['10.1.2.3', '::1']);
  });

  it('are checked again by each connection, whatever a name meant before', async () => {
    const look = (networks: PermittedNetworks): Promise<unknown> =>
      new Promise((resolve) => {
        permittedLookup(networks)('localhost', { all: true }, (error, addresses) => {
          resolve(error ?? addresses);
        });
      });
    expect(await look(new PermittedNetworks([], 'ALLOWED_NETWORKS'))).toBeInstanceOf(AddressNotPermitted);
    expect(await look(new PermittedNetworks(['127.0.0.0/8', '::1'], 'ALLOWED_NETWORKS'))).not.toBeInstanceOf(Error);
    await expect(requirePermitted('localhost', new PermittedNetworks([], 'ALLOWED_NETWORKS'))).rejects.toThrow(
      AddressNotPermitted,
    );
  });

  it.each(['10.0.0.0/33', 'example.com', '', '10.0.0', '::1/129'])('cannot be named "%s"', (text) => {
    expect(isNetwork(text)).toBe(false);
  });
});
