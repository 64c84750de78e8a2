/**
 * Second half of a change that two services make: when it fails, the first half is taken back, so that the caller who is
 * told of the failure finds nothing half done.
 *
 * @throws what `work` threw; when taking back fails as well, an AggregateError of both
 */
export async function undoOnFailure<Result>(
  work: () => Promise<Result>,
  undo: () => Promise<unknown>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await undo().catch((undoError: unknown) => {
      throw new AggregateError([error, undoError], 'a change failed in its second half and could not be taken back');
    });
    throw error;
  }
}
