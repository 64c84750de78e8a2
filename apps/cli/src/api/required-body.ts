import { Failure } from '../failures/failure';

/** @throws Failure for an answer without a body, such as 204 and 304, to a request that did not ask for that */
export function requiredBody<Body>(body: Body | undefined): Body {
  if (body === undefined) {
    throw new Failure('failed', 'the server answered without what was asked for');
  }
  return body;
}
