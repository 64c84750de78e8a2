type Given = Readonly<Record<string, unknown>>;

/**
 * What a view reads of a URL, and nothing besides: the router keeps the rest of a URL next to what `validateSearch` returns, so that a
 * link could hand any name to the API or to a command that is shown.
 */
export const onlyKnown =
  <Search extends object>(read: (given: Given) => Search) =>
  (given: Given): Search => ({
    ...Object.fromEntries(Object.keys(given).map((name) => [name, undefined])),
    ...read(given),
  });
