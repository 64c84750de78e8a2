/** The last part of an image's reference, which tells releases apart; all of it under the pointer. */
export function Image({ reference }: { readonly reference: string }) {
  return (
    <code className="break" title={reference}>
      {reference.slice(reference.lastIndexOf('/') + 1)}
    </code>
  );
}
