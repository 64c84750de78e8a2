import { focusManager } from '@tanstack/react-query';

/**
 * Has queries notice when somebody comes back to the window, once each time: a terminal beside it hides nothing, so visibility alone does
 * not say it. A page that is being opened gets the focus as well, and nobody comes back to that.
 */
export function noticeWindowFocus(): void {
  focusManager.setEventListener((onFocus) => {
    let isAway = document.hidden;
    const goAway = (): void => {
      isAway = true;
    };
    const comeBack = (): void => {
      if (!isAway) return;
      isAway = false;
      onFocus();
    };
    const changeVisibility = (): void => {
      if (document.hidden) goAway();
      else comeBack();
    };
    window.addEventListener('blur', goAway);
    window.addEventListener('focus', comeBack);
    window.addEventListener('visibilitychange', changeVisibility);
    return () => {
      window.removeEventListener('blur', goAway);
      window.removeEventListener('focus', comeBack);
      window.removeEventListener('visibilitychange', changeVisibility);
    };
  });
}
