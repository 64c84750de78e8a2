import type { RouteComponent } from '@tanstack/react-router';

/** So that a connection that is lost later takes no view away. Not all at once: what somebody asks for meanwhile comes first. */
export function loadWhenIdle([next, ...others]: readonly (RouteComponent | undefined)[]): void {
  if (next === undefined) return;
  whenIdle(() => {
    // What fails is loaded when somebody goes there.
    void Promise.resolve(next.preload?.()).finally(() => {
      loadWhenIdle(others);
    });
  });
}

/** Milliseconds. Safari does not say when a page is idle; by then a view has been drawn. */
const SOON_MS = 200;

const whenIdle = (work: () => void): void => {
  if ('requestIdleCallback' in window) window.requestIdleCallback(work);
  else setTimeout(work, SOON_MS);
};
