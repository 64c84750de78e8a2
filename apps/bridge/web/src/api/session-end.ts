/** Tells the page about the ends of sessions. */
const channel = new EventTarget();

/** A request was refused because nobody is signed in any more. */
export const sessionEnded = (): void => {
  channel.dispatchEvent(new Event('end'));
};

/** The person has signed out, here or in another page. */
export const sessionLeft = (): void => {
  channel.dispatchEvent(new Event('leave'));
};

/** @returns ends the subscription */
export const onSessionEnd = (listener: () => void): (() => void) => on('end', listener);

/** @returns ends the subscription */
export const onSessionLeft = (listener: () => void): (() => void) => on('leave', listener);

function on(name: 'end' | 'leave', listener: () => void): () => void {
  channel.addEventListener(name, listener);
  return () => {
    channel.removeEventListener(name, listener);
  };
}
