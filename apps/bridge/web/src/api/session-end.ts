/** Tells the page that a request was refused because nobody is signed in any more. */
const channel = new EventTarget();

export const sessionEnded = (): void => {
  channel.dispatchEvent(new Event('end'));
};

/** @returns ends the subscription */
export const onSessionEnd = (listener: () => void): (() => void) => {
  channel.addEventListener('end', listener);
  return () => {
    channel.removeEventListener('end', listener);
  };
};
