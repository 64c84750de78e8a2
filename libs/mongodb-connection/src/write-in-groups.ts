/** Documents of one write: neither this process nor the database does anything else while it handles one. */
const GROUP_SIZE = 100;

/** Writes many documents group by group, so that events come through in between. */
export async function writeInGroups<Document>(
  documents: readonly Document[],
  write: (group: readonly Document[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < documents.length; start += GROUP_SIZE) {
    await write(documents.slice(start, start + GROUP_SIZE));
  }
}
