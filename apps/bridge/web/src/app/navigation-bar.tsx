import type { SessionState } from '@keptn/api-models';
import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { may } from '../api/grants';
import { NAVIGATION } from './navigation';

/** Links to the views. On a small screen they are in one line, which is moved so that the one of this view is in sight. */
export function NavigationBar({ grants }: { readonly grants: SessionState['grants'] }) {
  const bar = useRef<HTMLElement>(null);
  const path = useLocation({ select: ({ pathname }) => pathname });
  useEffect(() => {
    if (bar.current === null) return undefined;
    // It tells of the size that there is at first, too.
    const observer = new ResizeObserver(([entry]) => {
      const link = entry?.target.querySelector('[aria-current="page"]');
      if (entry && link) center(entry.target, link);
    });
    observer.observe(bar.current);
    return () => {
      observer.disconnect();
    };
  }, [path, grants]);
  return (
    <nav ref={bar} aria-label="Views">
      <ul>
        {NAVIGATION.filter(({ needs }) => needs === undefined || may(grants, needs, 'any project')).map(
          ({ to, label, isExact = false }) => (
            <li key={to}>
              <Link to={to} activeOptions={{ exact: isExact, includeSearch: false }}>
                {label}
              </Link>
            </li>
          ),
        )}
      </ul>
    </nav>
  );
}

function center(bar: Element, link: Element): void {
  const [around, inside] = [bar.getBoundingClientRect(), link.getBoundingClientRect()];
  bar.scrollLeft += (inside.left + inside.right - around.left - around.right) / 2;
}
