/** The type and subtype of a media type, in lower case and without parameters. */
export function essenceOf(mediaType: string): string {
  return mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Whether data of this media type is JSON; data without a media type is. */
export function isJsonMediaType(mediaType: string | undefined): boolean {
  if (mediaType === undefined) return true;
  const essence = essenceOf(mediaType);
  return essence === '' || essence.endsWith('/json') || essence.endsWith('+json');
}

/** Whether data of this media type is carried as text. */
export function isTextMediaType(mediaType: string): boolean {
  const essence = essenceOf(mediaType);
  return essence.startsWith('text/') || essence.endsWith('/xml') || essence.endsWith('+xml');
}
