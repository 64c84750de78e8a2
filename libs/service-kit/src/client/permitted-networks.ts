import { BlockList, isIP, isIPv6 } from 'node:net';
import { z } from 'zod';

/** Where nothing outside of the installation can be: this machine, its network, its metadata service, and no host at all. */
const INSIDE = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  // What carries an address of IPv4 (RFC 6052, RFC 8215, RFC 3056, RFC 4380).
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2002::/16',
  '2001::/32',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

const NETWORK = /^([\d.a-f:]+)(?:\/(\d{1,3}))?$/i;

/** Whether a text is an address or a subnet such as `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const [, address = '', bits] = NETWORK.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && (bits === undefined || Number(bits) <= (version === 4 ? 32 : 128));
}

/** A setting of addresses and subnets, separated by commas. */
export const networksSetting = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )
  .refine((list) => list.every(isNetwork), 'must be addresses and subnets such as 10.0.0.0/8, with commas');

/** Which addresses may be connected to at the word of a user: those outside, and what the operator allows. */
export class PermittedNetworks {
  private readonly inside = listOf(INSIDE);
  private readonly allowed: BlockList;

  /**
   * @param allowed networks inside that the operator permits
   * @param setting the variable that names them, for messages
   */
  constructor(
    allowed: readonly string[],
    readonly setting: string,
  ) {
    this.allowed = listOf(allowed);
  }

  /** @param address of IPv4 or IPv6, without brackets */
  permits(address: string): boolean {
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    return isIP(address) !== 0 && (this.allowed.check(address, family) || !this.inside.check(address, family));
  }
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [, address = '', bits] = NETWORK.exec(network) ?? [];
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return list;
}
