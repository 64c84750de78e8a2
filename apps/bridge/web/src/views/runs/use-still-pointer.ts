import { type RefObject, useEffect } from 'react';

/** Without a scroll event for so long, in milliseconds, the page rests. */
const REST_MS = 150;

/**
 * While the page is scrolled, nothing in a list is under the pointer: what passes under it is nothing that somebody points at, and telling
 * each row so takes as long as drawing one.
 */
export function useStillPointer(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let timer: number | undefined;
    const rest = (): void => {
      timer = undefined;
      if (list.current !== null) list.current.style.pointerEvents = '';
    };
    const onScroll = (): void => {
      if (timer === undefined && list.current !== null) list.current.style.pointerEvents = 'none';
      window.clearTimeout(timer);
      timer = window.setTimeout(rest, REST_MS);
    };
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      window.removeEventListener('scroll', onScroll);
      window.clearTimeout(timer);
      rest();
    };
  }, [list]);
}
