import { type RefObject, useLayoutEffect, useState } from 'react';
import { type ListFrame } from './run-layout';

/** Where a list is, now and whenever it is moved or becomes wider; undefined before it is there. */
export function useListFrame(list: RefObject<HTMLElement | null>): ListFrame | undefined {
  const [frame, setFrame] = useState<ListFrame>();
  useLayoutEffect(() => {
    const element = list.current;
    const surroundings = element?.parentElement ?? undefined;
    if (element === null || surroundings === undefined) return undefined;
    const measure = (): void => {
      const measured = frameOf(element);
      setFrame((known) => (known !== undefined && isSame(known, measured) ? known : measured));
    };
    measure();
    // What is above the list, and moves it, is in there, too.
    const observer = new ResizeObserver(measure);
    observer.observe(surroundings);
    return () => {
      observer.disconnect();
    };
  }, [list]);
  return frame;
}

const frameOf = ({ offsetTop, clientWidth }: HTMLElement): ListFrame => ({
  top: offsetTop,
  width: clientWidth,
  rem: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
});

const isSame = (one: ListFrame, other: ListFrame): boolean =>
  one.top === other.top && one.width === other.width && one.rem === other.rem;
