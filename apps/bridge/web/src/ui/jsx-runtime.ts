/**
 * What JSX becomes in every component: React's elements, whose text shows marks of direction by name. Events and resources hold what anyone
 * has written; so no name of theirs turns around the text beside it.
 */
import { type JSX as ReactJsx, jsx as element, jsxs as elementOfSeveral } from 'react/jsx-runtime';
import { withVisibleMarks } from './visible-marks';

export { Fragment } from 'react/jsx-runtime';
export type { ReactJsx as JSX };

export const jsx: typeof element = (type, properties, key) => element(type, withVisibleMarks(properties), key);

export const jsxs: typeof element = (type, properties, key) =>
  elementOfSeveral(type, withVisibleMarks(properties), key);
