import { type RefObject, useEffect } from 'react';

/** Without a scroll event for so long, in milliseconds, the page rests. */
const REST_MS = 150;

/**
 * While the page is scrolled, a cover is under the pointer instead of a list: what passes under it is nothing that somebody points at, and
 * telling each row so takes as long as drawing one.
 *
 * @param cover lies over the list, and is empty, so that nothing inherits what changes
 */
export function useStillPointer(cover: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let timer: number | undefined;
    const rest = (): void => {
      timer = undefined;
      if (cover.current !== null) cover.current.style.pointerEvents = '';
    };
    const onScroll = (): void => {
      if (timer === undefined && cover.current !== null) cover.current.style.pointerEvents = 'auto';
      window.clearTimeout(timer);
      timer = window.setTimeout(rest, REST_MS);
    };
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      window.removeEventListener('scroll', onScroll);
      window.clearTimeout(timer);
      rest();
    };
  }, [cover]);
}
