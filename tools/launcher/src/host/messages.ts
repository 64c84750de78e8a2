/** What the launcher tells a process that hosts services. */
export type ToHost =
  | { readonly kind: 'start'; readonly service: string; readonly environment: Readonly<Record<string, string>> }
  | { readonly kind: 'stop'; readonly service: string };

/** What such a process tells the launcher. */
export type FromHost =
  /** The service can be started, and reads these variables. */
  | { readonly kind: 'loaded'; readonly service: string; readonly variables: readonly string[] }
  /** It answers at its port. */
  | { readonly kind: 'started'; readonly service: string }
  /** It could not be started, or something that it did was thrown and caught by nobody; its log says what. */
  | { readonly kind: 'failed'; readonly service: string }
  | { readonly kind: 'stopped'; readonly service: string };
