/** That a field is missing is said by whoever knows the field's place; `message` is for a value of the wrong type. */
export const unlessMissing =
  (message: string) =>
  ({ input }: { readonly input?: unknown }): string | undefined =>
    input === undefined ? undefined : message;
