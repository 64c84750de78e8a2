declare const objectIdBrand: unique symbol;

/** The 40 hexadecimal digits of a SHA-1 that name a blob, tree or commit. */
export type ObjectId = string & { readonly [objectIdBrand]: true };

/** Whether `text` has the form of an object id; says nothing about existence. */
export function isObjectId(text: string): text is ObjectId {
  return /^[0-9a-f]{40}$/.test(text);
}

/** @throws TypeError when `text` has not the form of an object id. */
export function toObjectId(text: string): ObjectId {
  if (!isObjectId(text)) throw new TypeError(`${JSON.stringify(text)} is not an object id`);
  return text;
}
