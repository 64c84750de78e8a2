import { useRouter } from '@tanstack/react-router';
import { type MouseEvent, type ReactNode, useCallback } from 'react';
import { BASE_PATH } from '../api/transport';

export interface ViewLinkProps {
  /** Path of the view below the Bridge, by its segments, e.g. `['run', keptnContext]`. */
  readonly to: readonly string[];
  readonly children: ReactNode;
}

/**
 * A link to a view, for tables and lists with hundreds of them: each of the router's own links watches the location and costs as much as
 * the rest of a cell. What holds the list has {@link useViewLinks} as its `onClick`.
 */
export function ViewLink({ to, children }: ViewLinkProps) {
  return <a href={BASE_PATH + to.map(encodeURIComponent).join('/')}>{children}</a>;
}

/** Follows the links inside of an element without loading the page again, unless somebody asks for another tab or window. */
export function useViewLinks(): (event: MouseEvent) => void {
  const { history } = useRouter();
  return useCallback(
    (event: MouseEvent) => {
      const { target, button, metaKey, ctrlKey, shiftKey, altKey } = event;
      // The router's own links have been followed already.
      if (event.defaultPrevented || button !== 0 || metaKey || ctrlKey || shiftKey || altKey) return;
      const link = target instanceof Element ? target.closest('a') : null;
      if (link === null || !link.href.startsWith(location.origin + BASE_PATH)) return;
      event.preventDefault();
      history.push(link.pathname + link.search);
    },
    [history],
  );
}
