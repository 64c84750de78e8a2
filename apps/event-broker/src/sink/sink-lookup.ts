import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { type SinkNetworks } from './sink-networks';

/** The host of a sink is in a network where sinks must not be. */
export class SinkNotPermitted extends Error {
  constructor(host: string) {
    super(`${host} is in a loopback, link-local or private network, and not in ALLOWED_SINK_NETWORKS`);
    this.name = 'SinkNotPermitted';
  }
}

/** A look-up for connections, which finds only addresses that sinks may have: what a name means can change after any check. */
export function sinkLookup(networks: SinkNetworks): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const permitted = addresses.filter(({ address }) => networks.permits(address));
      const [first] = permitted;
      if (first === undefined) callback(new SinkNotPermitted(host), []);
      else if (options.all === true) callback(null, permitted);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * Checks a host before anything connects to it.
 *
 * @param host of a URL: a name, an address of IPv4, or one of IPv6 in brackets
 * @throws SinkNotPermitted
 */
export async function requirePermitted(host: string, networks: SinkNetworks): Promise<void> {
  const bare = host.replace(/^\[|\]$/g, '');
  const addresses = isIP(bare) === 0 ? await addressesOf(bare) : [{ address: bare }];
  if (addresses.some(({ address }) => !networks.permits(address))) throw new SinkNotPermitted(bare);
}

/** None for a name that means nothing at the moment: each connection is checked again. */
const addressesOf = (host: string): Promise<readonly Pick<LookupAddress, 'address'>[]> =>
  new Promise((resolve) => {
    lookup(host, { all: true }, (error, addresses) => {
      resolve(error === null ? addresses : []);
    });
  });
