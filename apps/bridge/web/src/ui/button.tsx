import { type ComponentProps } from 'react';
import './button.css';

export type ButtonProps = ComponentProps<'button'> & {
  /** The one that a page is there for, one that stays in the background, or one that takes something away for good. */
  readonly look?: 'danger' | 'main' | 'plain';
};

export function Button({ look, type = 'button', ...rest }: ButtonProps) {
  const className = look === undefined ? 'button' : `button button-${look}`;
  return <button {...rest} type={type} className={className} />;
}
