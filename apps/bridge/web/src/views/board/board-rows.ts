import type { Board, BoardService } from '@keptn/api-models';

/** One service in all stages. */
export interface BoardRow {
  readonly name: string;
  /** In the order of the stages. */
  readonly cells: readonly { readonly stage: string; readonly service: BoardService | undefined }[];
}

/** The services of all stages, by name. */
export function boardRows({ stages }: Board): readonly BoardRow[] {
  const columns = stages.map(({ name: stage, services }) => ({
    stage,
    services: new Map(services.map((service) => [service.name, service])),
  }));
  const names = new Set(columns.flatMap(({ services }) => [...services.keys()]));
  return [...names]
    .sort()
    .map((name) => ({ name, cells: columns.map(({ stage, services }) => ({ stage, service: services.get(name) })) }));
}
