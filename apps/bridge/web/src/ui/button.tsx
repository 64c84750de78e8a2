import { type ComponentProps } from 'react';
import './button.css';

export type ButtonProps = ComponentProps<'button'> & {
  /** The one that a page is there for, or one that stays in the background. */
  readonly look?: 'main' | 'plain';
};

export function Button({ look, type = 'button', ...rest }: ButtonProps) {
  const className = look === undefined ? 'button' : `button button-${look}`;
  return <button {...rest} type={type} className={className} />;
}
