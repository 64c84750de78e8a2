import { type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from 'proxy-addr';

/** The library knows no subnet of all addresses; its halves are the same. */
const HALVES: Readonly<Record<string, readonly string[]>> = {
  '0.0.0.0/0': ['0.0.0.0/1', '128.0.0.0/1'],
  '::/0': ['::/1', '8000::/1'],
};

const compile = (entries: readonly string[]) => proxyAddr.compile(entries.flatMap((entry) => HALVES[entry] ?? [entry]));

/** @param text e.g. `10.0.0.0/8`, `::1` */
export function isAddressOrSubnet(text: string): boolean {
  try {
    compile([text]);
    return isIP(text.split('/', 1)[0] ?? '') !== 0;
  } catch {
    return false;
  }
}

/** IPv4 clients of a socket that listens on IPv6 appear as `::ffff:192.0.2.1`. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

/** The proxies in front of the gateway whose `X-Forwarded-*` headers are believed. */
export class TrustedProxies {
  private readonly isTrusted: (address: string, index: number) => boolean;

  /** @param entries addresses and subnets, see {@link isAddressOrSubnet} */
  constructor(entries: readonly string[]) {
    this.isTrusted = compile(entries);
  }

  trusts(address: string): boolean {
    return this.isTrusted(address, 0);
  }

  /** The address at the other end of the connection. */
  peerOf(request: IncomingMessage): string {
    return plainAddress(request.socket.remoteAddress ?? '');
  }

  /**
   * Whom the request is from: the last address in the chain of proxies that is not itself a trusted one. Everything before it
   * could have been sent by anyone.
   */
  clientOf(request: IncomingMessage): string {
    const peer = this.peerOf(request);
    if (!this.trusts(peer)) return peer;
    const chain = proxyAddr.all(request, this.isTrusted).map(plainAddress);
    return chain.findLast((address) => isIP(address) !== 0) ?? peer;
  }
}
