import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { type PermittedNetworks } from './permitted-networks';

/** A host is in a network that nothing may be connected to at the word of a user. */
export class AddressNotPermitted extends Error {
  constructor(host: string, { setting }: PermittedNetworks) {
    super(`${host} is in a loopback, link-local or private network, and not in ${setting}`);
    this.name = 'AddressNotPermitted';
  }
}

/** A look-up for connections, which finds only permitted addresses: what a name means can change after any check. */
export function permittedLookup(networks: PermittedNetworks): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const permitted = addresses.filter(({ address }) => networks.permits(address));
      const [first] = permitted;
      if (first === undefined) callback(new AddressNotPermitted(host, networks), []);
      else if (options.all === true) callback(null, permitted);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * Checks a host before anything connects to it; an address is connected to without a look-up.
 *
 * @param host of a URL: a name, an address of IPv4, or one of IPv6 in brackets
 * @throws AddressNotPermitted
 */
export async function requirePermitted(host: string, networks: PermittedNetworks): Promise<void> {
  const bare = host.replace(/^\[|\]$/g, '');
  const addresses = isIP(bare) === 0 ? await addressesOf(bare) : [{ address: bare }];
  if (addresses.some(({ address }) => !networks.permits(address))) throw new AddressNotPermitted(bare, networks);
}

/** None for a name that means nothing at the moment: each connection is checked again. */
const addressesOf = (host: string): Promise<readonly Pick<LookupAddress, 'address'>[]> =>
  new Promise((resolve) => {
    lookup(host, { all: true }, (error, addresses) => {
      resolve(error === null ? addresses : []);
    });
  });
