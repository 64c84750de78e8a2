import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The shared API token of the control plane. Comparing takes the same time whatever is offered. */
export class ApiToken {
  readonly #digest: Buffer;

  constructor(token: string) {
    this.#digest = digest(token);
  }

  matches(offered: string): boolean {
    return timingSafeEqual(this.#digest, digest(offered));
  }
}
