import { describe, expect, it } from 'vitest';
import { requirePermitted, sinkLookup, SinkNotPermitted } from './sink-lookup';
import { isNetwork, SinkNetworks } from './sink-networks';

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

describe('the addresses that sinks may have', () => {
  it('are none of this machine, its networks, or hidden ones of them', () => {
    const networks = new SinkNetworks([]);
    expect(INSIDE.filter((address) => networks.permits(address))).toEqual([]);
    expect(['93.184.215.14', '2606:2800:21f:cb07::1'].filter((address) => networks.permits(address))).toHaveLength(2);
  });

  it('are also those that the operator allows', () => {
    const networks = new SinkNetworks(['10.1.0.0/16', '::1']);
    expect(INSIDE.filter((address) => networks.permits(address))).toEqual(['10.1.2.3', '::1']);
  });

  it('are checked again by each connection, whatever a name meant before', async () => {
    const look = (networks: SinkNetworks): Promise<unknown> =>
      new Promise((resolve) => {
        sinkLookup(networks)('localhost', { all: true }, (error, addresses) => {
          resolve(error ?? addresses);
        });
      });
    expect(await look(new SinkNetworks([]))).toBeInstanceOf(SinkNotPermitted);
    expect(await look(new SinkNetworks(['127.0.0.0/8', '::1']))).not.toBeInstanceOf(Error);
    await expect(requirePermitted('localhost', new SinkNetworks([]))).rejects.toThrow(SinkNotPermitted);
  });

  it.each(['10.0.0.0/33', 'example.com', '', '10.0.0', '::1/129'])('cannot be named "%s"', (text) => {
    expect(isNetwork(text)).toBe(false);
  });
});
