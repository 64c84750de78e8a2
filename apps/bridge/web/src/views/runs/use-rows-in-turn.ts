import { useEffect, useReducer, useState } from 'react';
import { type Row, RowsInTurn, type ScreenRange } from './rows-in-turn';

/** The rows to render now: of those that a virtual list wants, and of those that it has wanted. What is left follows with the next frames. */
export function useRowsInTurn<Wanted extends Row>(
  wanted: readonly Wanted[],
  screen: ScreenRange | null,
): readonly Wanted[] {
  const [turns] = useState(() => new RowsInTurn<Wanted>());
  const [, renderAgain] = useReducer((times: number) => times + 1, 0);
  const rows = screen === null ? wanted : turns.choose(wanted, screen, document.timeline.currentTime);
  const isComplete = rows.length === wanted.length && rows.every((row, at) => row === wanted[at]);
  useEffect(() => {
    if (isComplete) return undefined;
    // Not in the next frame: a list that moves in that is rendered there anyway.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(renderAgain);
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  });
  return rows;
}
