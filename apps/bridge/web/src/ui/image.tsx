/** The last part of an image's reference, which tells releases apart. */
export const shortImage = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1);

/** The same; all of it under the pointer. */
export function Image({ reference }: { readonly reference: string }) {
  return (
    <code className="break" title={reference}>
      {shortImage(reference)}
    </code>
  );
}
