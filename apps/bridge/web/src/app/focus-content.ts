/**
 * Goes on at the content of a view that has taken the place of another one, which had the focus: keyboards would begin at the top of the
 * page again, and screen readers would say nothing. The page is scrolled by the router, and a view that has a place of its own for the
 * focus keeps it.
 */
export function focusContent(): void {
  const content = document.getElementById('content');
  if (content?.contains(document.activeElement) === false) content.focus({ preventScroll: true });
}
