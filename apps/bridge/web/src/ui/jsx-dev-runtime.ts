/** The same as `jsx-runtime` for the pages that Vite serves from their sources. */
import { jsxDEV as element, type JSXSource } from 'react/jsx-dev-runtime';
import type { ElementType, Key } from 'react';
import { withVisibleMarks } from './visible-marks';

export { Fragment } from 'react/jsx-dev-runtime';
export type { JSX } from './jsx-runtime';

export const jsxDEV = (
  type: ElementType,
  properties: unknown,
  key: Key | undefined,
  isStatic: boolean,
  source?: JSXSource,
  self?: unknown,
) => element(type, withVisibleMarks(properties), key, isStatic, source, self);
