import { type ReactElement, type ReactNode } from 'react';
import './status.css';

/** How something is; each kind has a shape and a colour of its own, and a word always stands beside them. */
export type StatusKind = 'good' | 'bad' | 'warning' | 'running' | 'waiting' | 'neutral';

/** Paths in a square of 16. */
export const SHAPES: Readonly<Record<StatusKind, string>> = {
  good: 'M2.5 8.5 6.5 12.5 13.5 4',
  bad: 'M4 4l8 8M12 4l-8 8',
  warning: 'M8 2 15 14H1ZM8 6.5v3.2M8 12v.1',
  running: 'M14 8a6 6 0 1 1-6-6M8 5v3l2.2 1.6',
  waiting: 'M5.5 3v10M10.5 3v10',
  neutral: 'M3 8h10',
};

const drawn = (kind: StatusKind): ReactElement => (
  <svg className="status-shape" viewBox="0 0 16 16" aria-hidden="true">
    <path d={SHAPES[kind]} />
  </svg>
);

/** The shapes, made once: a board or a list has hundreds of them. */
export const DRAWN: Readonly<Record<StatusKind, ReactElement>> = {
  good: drawn('good'),
  bad: drawn('bad'),
  warning: drawn('warning'),
  running: drawn('running'),
  waiting: drawn('waiting'),
  neutral: drawn('neutral'),
};

export function Status({ kind, children }: { readonly kind: StatusKind; readonly children: ReactNode }) {
  return (
    <span className={`status status-${kind}`}>
      {DRAWN[kind]}
      {children}
    </span>
  );
}

/** The shape alone, where there is no room for the word; it is read out. */
export function StatusMark({ kind, label }: { readonly kind: StatusKind; readonly label: string }) {
  return (
    <span className="status-mark" title={label}>
      {DRAWN[kind]}
      <span className="visually-hidden">{label} </span>
    </span>
  );
}

const KINDS_OF_RESULTS: ReadonlyMap<string, StatusKind> = new Map([
  ['pass', 'good'],
  ['warning', 'warning'],
  ['fail', 'bad'],
  ['failed', 'bad'],
  ['errored', 'bad'],
  ['aborted', 'bad'],
]);

export const kindOfResult = (result: string): StatusKind => KINDS_OF_RESULTS.get(result) ?? 'neutral';

export const wordOfResult = (result: string): string => (result === '' ? 'no result' : result);

/** The result of an evaluation, a test or an approval, in the word that it came with. */
export function Result({ result }: { readonly result: string }) {
  return <Status kind={kindOfResult(result)}>{wordOfResult(result)}</Status>;
}

const KINDS_OF_STATES: ReadonlyMap<string, StatusKind> = new Map([
  ['finished', 'neutral'],
  ['awaiting approval', 'waiting'],
]);

export const kindOfState = (state: string): StatusKind => KINDS_OF_STATES.get(state) ?? 'running';

/** What is under way in a stage. */
export function StepState({ state }: { readonly state: string }) {
  return <Status kind={kindOfState(state)}>{state}</Status>;
}
