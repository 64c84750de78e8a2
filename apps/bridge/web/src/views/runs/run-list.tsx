import type { Run } from '@keptn/api-models';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useViewLinks } from '../../ui/view-link';
import { RunItem } from './run-item';
import { runLayout } from './run-layout';
import { useListFrame } from './use-list-frame';
import { useRowsInTurn } from './use-rows-in-turn';
import { useStillPointer } from './use-still-pointer';

/** Rows above and below the screen that are there already when they come into view. */
const OVERSCAN = 2;

/** Rows before the end at which the next page is read. */
const READ_AHEAD = 10;

export interface RunListProps {
  readonly runs: readonly Run[];
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isError: boolean;
    readonly fetchNextPage: (options: { readonly cancelRefetch: boolean }) => Promise<unknown>;
  };
}

/** However many runs there are, only those on the screen are in the page. */
export function RunList({ runs, query }: RunListProps) {
  const place = useRef<HTMLDivElement>(null);
  const cover = useRef<HTMLDivElement>(null);
  const followLinks = useViewLinks();
  useStillPointer(cover);
  const frame = useListFrame(place);
  const [width, rem] = [frame?.width ?? 0, frame?.rem ?? 0];
  const layout = useMemo(() => runLayout({ width, rem }), [width, rem]);
  const rows = useWindowVirtualizer({
    count: runs.length,
    enabled: frame !== undefined,
    estimateSize: (index) => {
      const run = runs[index];
      return run === undefined ? 0 : layout.heightOf(run);
    },
    overscan: OVERSCAN,
    // Stays the same while the runs do: otherwise all of them are laid out again.
    getItemKey: useCallback((index: number) => runs[index]?.keptnContext ?? index, [runs]),
    scrollMargin: frame?.top ?? 0,
  });
  useLayoutEffect(() => {
    rows.measure();
  }, [rows, layout]);
  const wanted = rows.getVirtualItems();
  const items = useRowsInTurn(wanted, rows.range);
  useNextPage(query, runs, wanted.at(-1)?.index ?? 0);
  const style: CSSProperties & Record<'--run-columns', number> = {
    height: rows.getTotalSize(),
    '--run-columns': layout.columns,
  };
  return (
    <div className="runs-place" ref={place}>
      <ol className="runs" style={style} onClick={followLinks}>
        {items.map(({ key, index, start, size }) => {
          const run = runs[index];
          // A row that is about to go may have another place in the list by now.
          return (
            run?.keptnContext === key && (
              <RunItem
                key={key}
                run={run}
                top={start - rows.options.scrollMargin}
                height={size}
                position={index + 1}
                count={query.hasNextPage ? undefined : runs.length}
              />
            )
          );
        })}
      </ol>
      <div className="runs-cover" ref={cover} />
    </div>
  );
}

/** @param lastIndex of the rows on the screen and beside it */
function useNextPage(
  { hasNextPage, isError, fetchNextPage }: RunListProps['query'],
  runs: readonly Run[],
  lastIndex: number,
): void {
  useEffect(() => {
    // What was refused is asked for again by a person.
    if (!hasNextPage || isError || runs.length - lastIndex > READ_AHEAD) return;
    // One that is on its way is waited for; asking whether there is one would render the list once more.
    void fetchNextPage({ cancelRefetch: false });
  }, [hasNextPage, isError, runs, lastIndex, fetchNextPage]);
}
