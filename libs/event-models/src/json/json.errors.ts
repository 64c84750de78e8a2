/** A text that is not JSON, or a value that has no JSON form. */
export class InvalidJson extends Error {
  override readonly name: string = 'InvalidJson';
}

/** JSON nested deeper than allowed. */
export class JsonTooDeep extends InvalidJson {
  override readonly name = 'JsonTooDeep';

  constructor(readonly limit: number) {
    super(`JSON must not be nested deeper than ${limit} levels of objects and arrays`);
  }
}
