import { diffLines } from 'diff';
import { useMemo } from 'react';
import './text-diff.css';

export interface TextDiffProps {
  /** What is compared with what, read out. */
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

/** Longer stretches without a change are folded; in lines. */
const CONTEXT = 3;

interface Line {
  readonly mark: ' ' | '+' | '-';
  readonly text: string;
}

/** Two versions of a file, line by line. A sign and a word tell what changed, not the colour alone. */
export function TextDiff({ label, before, after }: TextDiffProps) {
  const lines = useMemo(() => folded(linesOf(before, after)), [before, after]);
  if (before === after) return <p className="muted">The content is the same.</p>;
  return (
    <pre className="text-diff" aria-label={label} tabIndex={0}>
      {lines.map((line, index) =>
        typeof line === 'number' ? (
          <div key={index} className="muted">{`… ${line} lines are the same …`}</div>
        ) : (
          <Changed key={index} line={line} />
        ),
      )}
    </pre>
  );
}

function Changed({ line: { mark, text } }: { readonly line: Line }) {
  const whole = `${mark} ${text}`;
  if (mark === '+') return <ins>{whole}</ins>;
  if (mark === '-') return <del>{whole}</del>;
  return <div>{whole}</div>;
}

function linesOf(before: string, after: string): Line[] {
  return diffLines(before, after).flatMap(({ value, added, removed }) => {
    const mark = added ? '+' : removed ? '-' : ' ';
    return value
      .replace(/\n$/, '')
      .split('\n')
      .map((text): Line => ({ mark, text }));
  });
}

/** Numbers stand for so many lines that are left out. */
function folded(lines: readonly Line[]): (Line | number)[] {
  const shown: (Line | number)[] = [];
  let same = 0;
  lines.forEach((line, index) => {
    const isNear = lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ mark }) => mark !== ' ');
    if (!isNear) {
      same++;
      return;
    }
    if (same > 0) shown.push(same);
    same = 0;
    shown.push(line);
  });
  return same > 0 ? [...shown, same] : shown;
}
