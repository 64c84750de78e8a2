import { useState } from 'react';
import { Button } from './button';
import './code.css';

export interface CodeProps {
  /** Read out for the button, e.g. `command`. */
  readonly what: string;
  readonly text: string;
}

/** A command or a document, to be read or copied. */
export function Code({ what, text }: CodeProps) {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="code">
      <pre tabIndex={0} aria-label={what}>
        {text}
      </pre>
      <Button onClick={() => void copy()} aria-label={`Copy ${what}`}>
        {isCopied ? 'Copied' : 'Copy'}
      </Button>
    </div>
  );
}

export function Json({ what, value }: { readonly what: string; readonly value: unknown }) {
  return <Code what={what} text={JSON.stringify(value, undefined, 2)} />;
}
