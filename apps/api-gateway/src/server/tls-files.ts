import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { type Server } from 'node:https';
import { InvalidSettings } from '@keptn/service-kit';
import { type Logger } from 'pino';
import { type ApiGatewaySettings } from '../settings';

/** In milliseconds. Renewed certificates are swapped in by a link to another folder, which no watch on the file itself notices. */
const LOOK_EVERY_MS = 10_000;

/** Certificate and key of the server, in files in the PEM format. */
export class TlsFiles {
  constructor(
    private readonly certificateFile: string,
    private readonly keyFile: string,
    private readonly lookEveryMs = LOOK_EVERY_MS,
  ) {}

  /**
   * @returns undefined when the gateway speaks HTTP
   * @throws InvalidSettings when only one of the two is set: nobody who has a certificate wants to go without it
   */
  static of({ TLS_CERT_FILE, TLS_KEY_FILE }: ApiGatewaySettings): TlsFiles | undefined {
    if (TLS_CERT_FILE !== undefined && TLS_KEY_FILE !== undefined) {
      return new TlsFiles(TLS_CERT_FILE, TLS_KEY_FILE);
    }
    if (TLS_CERT_FILE !== undefined || TLS_KEY_FILE !== undefined) {
      throw new InvalidSettings('TLS_CERT_FILE and TLS_KEY_FILE belong together: set both, or neither');
    }
    return undefined;
  }

  /** @throws InvalidSettings when they cannot be read or do not belong together */
  read(): { cert: Buffer; key: Buffer } {
    try {
      const pair = { cert: readFileSync(this.certificateFile), key: readFileSync(this.keyFile) };
      createSecureContext(pair);
      return pair;
    } catch (error) {
      throw new InvalidSettings(
        `TLS_CERT_FILE and TLS_KEY_FILE must name a certificate and its key in the PEM format: ${String(error)}`,
      );
    }
  }

  /** New connections get the new certificate; a pair that does not fit is reported, and the old one kept. */
  renewWhenChanged(server: Server, logger: Logger): void {
    const renew = (): void => {
      try {
        server.setSecureContext(this.read());
        logger.info('certificate renewed');
      } catch (error) {
        logger.warn({ err: error }, 'the new certificate cannot be used; the old one is kept');
      }
    };
    for (const file of [this.certificateFile, this.keyFile]) {
      watchFile(file, { interval: this.lookEveryMs, persistent: false }, renew);
      server.once('close', () => {
        unwatchFile(file, renew);
      });
    }
  }
}
