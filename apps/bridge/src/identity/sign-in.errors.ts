/** Why nobody is signed in who came back from a provider; the page has a sentence for each. */
export type SignInFailure = 'denied' | 'expired' | 'refused' | 'too-large' | 'unavailable';

export class SignInFailed extends Error {
  constructor(
    readonly failure: SignInFailure,
    options?: ErrorOptions,
  ) {
    super(`sign-in ${failure}`, options);
    this.name = 'SignInFailed';
  }
}
