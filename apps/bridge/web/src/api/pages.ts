/** What the lists of the API answer as the key of the next page when there is none. */
const NO_FURTHER_PAGE = '0';

/** How an infinite query goes through the pages of a list. */
export const pages = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ nextPageKey }: { readonly nextPageKey?: string | undefined }): string | undefined =>
    nextPageKey === NO_FURTHER_PAGE ? undefined : nextPageKey,
};
