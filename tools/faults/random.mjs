const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Chances of a seed: the same seed gives the same rounds. */
export class Chances {
  /** @param {number} seed */
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** Mulberry32. @returns {number} from 0 to 1, 1 not included */
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let value = this.state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @param {number} end @returns {number} a whole number from 0 to before the end */
  below(end) {
    return Math.floor(this.next() * end);
  }

  /** @param {number} length @returns {string} of characters that nothing compresses much */
  text(length) {
    return Array.from({ length }, () => ALPHABET[this.below(ALPHABET.length)]).join('');
  }
}
