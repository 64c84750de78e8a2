/** An image as events of Keptn carry it: image and tag are joined by a colon again before they are deployed. */
export interface ImageAndTag {
  readonly image: string;
  /** Absent for a reference by digest, which the image then holds. */
  readonly tag?: string;
}

/** A tag as the OCI distribution specification allows it, after the last colon, which must not be that of a port. */
const TAGGED = /^(?<image>.+):(?<tag>[\w][\w.-]{0,127})$/;

/** Splits an OCI reference: `registry:5000/carts:1` has the image `registry:5000/carts` and the tag `1`. */
export function imageAndTag(reference: string): ImageAndTag {
  if (reference.includes('@')) return { image: reference };
  const { image, tag } = TAGGED.exec(reference)?.groups ?? {};
  return image === undefined || tag === undefined ? { image: reference } : { image, tag };
}

/** The reference of an image and its tag. Without any tag it is that of `latest`, since helm-service of 0.7 ends without a colon. */
export function deployable({ image, tag }: { readonly image: string; readonly tag?: string }): string {
  if (tag) return `${image}:${tag}`;
  return image.includes('@') || imageAndTag(image).tag !== undefined ? image : `${image}:latest`;
}

/** Whether a reference is what helm-service of 0.7 reports as image and tag: the first two parts between colons. */
export function isReportedAs(reference: string, { image, tag = '' }: ImageAndTag): boolean {
  const [first, second = ''] = reference.split(':');
  return (first === image && second === tag) || reference === `${image}:${tag}` || reference === image;
}
