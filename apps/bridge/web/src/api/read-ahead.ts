import { queryClient } from './queries';
import { sessionQuery } from './session';

/**
 * Begins to read what a view is going to show while its script is still loading. Whoever is not signed in would only be refused.
 *
 * @param read puts the answer, or why there is none, where the view looks for it
 */
export async function readAhead(read: () => Promise<unknown>): Promise<void> {
  try {
    const { signedIn } = await queryClient.query({ ...sessionQuery, staleTime: 'static' });
    if (signedIn) await read();
  } catch {
    // The view shows it.
  }
}
