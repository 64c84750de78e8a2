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

  /** The field of a mapping; of several spellings the last one counts. */
  field(name: string): FieldReader {
    const key = this.entries().findLast(([key]) => key.toLowerCase() === name.toLowerCase())?.[0] ?? name;
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
    if (typeof this.value === 'string') return this.value;
    if (typeof this.value === 'number' || typeof this.value === 'boolean') return String(this.value);
    this.fault('must be text');
    return '';
  }

  integer(): number {
    if (this.isMissing) return 0;
    if (typeof this.value === 'number' && Number.isSafeInteger(this.value)) return this.value;
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
