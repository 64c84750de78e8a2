/** Why a CloudEvent is refused: an attribute is absent, or present and not acceptable. */
export type EventRefusal = 'missing' | 'invalid';

/** A body or request that is not an acceptable CloudEvent. The message is meant for the sender. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';

  /**
   * @param message says which attribute is wrong and what is expected
   * @param field the attribute, `body` for the whole
   */
  constructor(
    message: string,
    readonly field: string,
    readonly refusal: EventRefusal = 'invalid',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
