import { imageAndTag } from '../decision/delivery/image-reference';

/**
 * What people call an image: its reference without tag and digest, each of those, and what is after the last slash, with and without
 * them.
 */
export function imageNamesOf(reference: string): readonly string[] {
  const [tagged = '', digest] = reference.split('@');
  const { image, tag } = imageAndTag(tagged);
  return [image, tagged, reference, tag, digest].flatMap((name) => {
    if (name === undefined || name === '') return [];
    const short = afterLastSlash(name);
    return name === reference ? [short] : [name, short];
  });
}

const afterLastSlash = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/** @param label as `key=value` */
export const labelKeyOf = (label: string): string => label.split('=')[0] ?? '';
