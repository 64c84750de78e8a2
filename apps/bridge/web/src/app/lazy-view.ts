import { lazyRouteComponent } from '@tanstack/react-router';

/** Says why a view is not there; the router, which knows the browser's own words for it, would load the whole page again. */
export class ViewNotLoaded extends Error {
  constructor(cause: unknown) {
    super('This view could not be loaded. Check the connection, and try again.', { cause });
    this.name = 'ViewNotLoaded';
  }
}

/** A view whose script is loaded when somebody first goes there, or when there is nothing else to do. */
export const lazyView: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(
    () =>
      load().catch((error: unknown) => {
        throw new ViewNotLoaded(error);
      }),
    name,
  );
