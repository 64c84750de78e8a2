export interface FieldFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * Reads the fields of a file as Go's `encoding/json` fills a struct from YAML: names in any case, absent and `null` alike, numbers
 * and booleans turned into text where text is wanted. What does not fit is kept as a fault, and reads as if it were absent.
 */
export class FieldReader {
  /** Shared by all readers of a file, in the order in which they were found. */
  readonly faults: FieldFault[];

  constructor(
    private readonly value: unknown,
    private readonly path: readonly PropertyKey[] = [],
    faults: FieldFault[] = [],
  ) {
    this.faults = faults;
  }

  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  fault(message: string): void {
    this.faults.push({ path: this.path, message });
  }

  /** The field of a mapping; of several spellings the last one in the order of letters counts, in which capitals come first. */
  field(name: string): FieldReader {
    const spellings = this.entries().flatMap(([key]) => (key.toLowerCase() === name.toLowerCase() ? [key] : []));
    const key = spellings.sort().at(-1) ?? name;
    const value = this.mapping()?.[key];
    return new FieldReader(value, [...this.path, key], this.faults);
  }

  items(): readonly FieldReader[] {
    if (this.isMissing) return [];
    if (!Array.isArray(this.value)) {
      this.fault('must be a list');
      return [];
    }
    return this.value.map((item, index) => new FieldReader(item, [...this.path, index], this.faults));
  }

  /** A mapping of names to texts, in the order of the file. */
  texts(): readonly { readonly key: string; readonly value: string }[] {
    return this.entries().map(([key, value]) => ({
      key,
      value: new FieldReader(value, [...this.path, key], this.faults).text(),
    }));
  }

  text(): string {
    if (this.isMissing) return '';
    const text = textOf(this.value);
    if (text === undefined) this.fault('must be text');
    return text ?? '';
  }

  /** Text that Keptn 0.7 did not know: what is none is no fault. */
  additionalText(): string {
    return textOf(this.value) ?? '';
  }

  integer(): number {
    if (this.isMissing) return 0;
    const number = typeof this.value === 'bigint' ? Number(this.value) : this.value;
    if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
    this.fault('must be a whole number');
    return 0;
  }

  flag(): boolean {
    if (this.isMissing) return false;
    if (typeof this.value === 'boolean') return this.value;
    this.fault('must be true or false');
    return false;
  }

  private entries(): readonly (readonly [string, unknown])[] {
    const mapping = this.mapping();
    if (mapping !== undefined) return Object.entries(mapping);
    // Whoever asks for several fields of what is no mapping learns it once.
    if (!this.isMissing && !this.faults.some(({ path }) => path === this.path)) this.fault('must be a mapping');
    return [];
  }

  private mapping(): Readonly<Record<string, unknown>> | undefined {
    const isMapping =
      typeof this.value === 'object' &&
      this.value !== null &&
      !Array.isArray(this.value) &&
      !(this.value instanceof Date);
    return isMapping ? (this.value as Readonly<Record<string, unknown>>) : undefined;
  }
}

function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return undefined;
  }
}
