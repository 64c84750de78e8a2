import { type IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv4(address) ? 'ipv4' : 'ipv6');

/** @param text e.g. `10.0.0.0/8`, `::1` */
export function isAddressOrSubnet(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const longest = isIPv4(address) ? 32 : 128;
  return (
    isIP(address) !== 0 && rest.length === 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= longest))
  );
}

/** IPv4 clients of a socket that listens on IPv6 appear as `::ffff:192.0.2.1`. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

/** The proxies in front of the gateway whose word about their clients is believed. */
export class TrustedProxies {
  private readonly list: BlockList | undefined;

  /** @param entries addresses and subnets, see {@link isAddressOrSubnet} */
  constructor(entries: readonly string[]) {
    if (entries.length === 0) {
      return;
    }
    this.list = new BlockList();
    for (const entry of entries) {
      const [address = '', bits] = entry.split('/');
      const prefix = Number(bits ?? (isIPv4(address) ? 32 : 128));
      this.list.addSubnet(address, prefix, familyOf(address));
    }
  }

  trusts(address: string): boolean {
    return this.list !== undefined && isIP(address) !== 0 && this.list.check(address, familyOf(address));
  }

  /** The address at the other end of the connection. */
  peerOf(request: IncomingMessage): string {
    return plainAddress(request.socket.remoteAddress ?? '');
  }

  /**
   * Whom the request is from: the last address in the chain of proxies that is not itself a trusted one. Everything before it
   * is hearsay, since whoever it was could have sent it.
   */
  clientOf(request: IncomingMessage): string {
    let client = this.peerOf(request);
    if (!this.trusts(client)) {
      return client;
    }
    const chain = String(request.headers['x-forwarded-for'] ?? '').split(',');
    for (const entry of chain.reverse()) {
      const address = plainAddress(entry.trim());
      if (isIP(address) === 0) {
        return client;
      }
      client = address;
      if (!this.trusts(client)) {
        return client;
      }
    }
    return client;
  }
}
