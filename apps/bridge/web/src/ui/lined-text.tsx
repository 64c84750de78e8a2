import { type Ref } from 'react';
import { withUnixEnds } from './line-ends';
import './lined-text.css';

export interface LinedTextProps {
  readonly label: string;
  readonly text: string;
  /** Called with what is written; without it the text is only read. */
  readonly onText?: (text: string) => void;
  /** Lines, from 1, that something is wrong with. */
  readonly marked?: ReadonlySet<number>;
  readonly ref?: Ref<HTMLTextAreaElement>;
}

/** A file with the numbers of its lines. It is as high as the text, so that only the page scrolls. */
export function LinedText({ label, text, onText, marked = new Set(), ref }: LinedTextProps) {
  const shown = withUnixEnds(text);
  const count = shown.split('\n').length;
  return (
    <div className="lined-text">
      <div className="line-numbers" aria-hidden="true">
        {Array.from({ length: count }, (_, index) => (
          <div key={index} className={marked.has(index + 1) ? 'marked' : undefined}>
            {marked.has(index + 1) ? '▸ ' : ''}
            {index + 1}
          </div>
        ))}
      </div>
      <textarea
        ref={ref}
        aria-label={label}
        value={shown}
        readOnly={onText === undefined}
        rows={count}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        onChange={({ target }) => onText?.(target.value)}
      />
    </div>
  );
}

/** Lines that a message of the API names, such as `line 4, column 5: …`. */
export const linesIn = (message: string): ReadonlySet<number> =>
  new Set(Array.from(message.matchAll(/\bline (\d+)/g), ([, line]) => Number(line)));

/** Puts the cursor at the start of a line, and into view. */
export function goToLine(area: HTMLTextAreaElement | null, line: number): void {
  if (area === null) return;
  const start = area.value
    .split('\n')
    .slice(0, line - 1)
    .reduce((length, each) => length + each.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start);
}
