import { useRef, useState } from 'react';
import { Button } from './button';
import './code.css';

export interface CodeProps {
  /** Read out for the button, e.g. `command`. */
  readonly what: string;
  readonly text: string;
}

interface Copying {
  readonly text: string;
  readonly isCopied: boolean;
}

/** A command or a document, to be read or copied. */
export function Code({ what, text }: CodeProps) {
  const [last, setLast] = useState<Copying>();
  const place = useRef<HTMLPreElement>(null);
  const copying = last?.text === text ? last : undefined;
  const label = copying?.isCopied === true ? 'Copied' : 'Copy';
  const copy = async (): Promise<void> => {
    try {
      // With plain HTTP there is no clipboard.
      await navigator.clipboard.writeText(text);
      setLast({ text, isCopied: true });
    } catch {
      if (place.current !== null) getSelection()?.selectAllChildren(place.current);
      setLast({ text, isCopied: false });
    }
  };
  return (
    <div className="code">
      <pre ref={place} tabIndex={0} aria-label={what}>
        {text}
      </pre>
      <Button onClick={() => void copy()} aria-label={`${label} ${what}`}>
        {label}
      </Button>
      {copying?.isCopied === false && (
        <p className="code-hint small" role="status">
          The browser does not let this page copy. It is selected: press Ctrl+C, or ⌘C.
        </p>
      )}
    </div>
  );
}

export function Json({ what, value }: { readonly what: string; readonly value: unknown }) {
  return <Code what={what} text={JSON.stringify(value, undefined, 2)} />;
}
