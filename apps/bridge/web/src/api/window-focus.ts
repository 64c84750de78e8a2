import { focusManager } from '@tanstack/react-query';

/** Has queries notice when somebody comes back to the window: a terminal beside it hides nothing, so visibility alone does not say it. */
export function noticeWindowFocus(): void {
  focusManager.setEventListener((onFocus) => {
    const come = (): void => {
      onFocus();
    };
    const kinds = ['focus', 'visibilitychange'] as const;
    for (const kind of kinds) window.addEventListener(kind, come);
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, come);
    };
  });
}
