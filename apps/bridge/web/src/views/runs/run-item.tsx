import type { Run, RunStep } from '@keptn/api-models';
import { memo } from 'react';
import { Image } from '../../ui/image';
import { DRAWN, kindOfResult, kindOfState, type StatusKind, wordOfResult } from '../../ui/status';
import { Time } from '../../ui/time';
import { ViewLink } from '../../ui/view-link';

/** There is room for that in any column. What may need more is cut off, which takes time to draw. */
const IS_SHORT = /^[ -~]{1,16}$/;

export interface RunItemProps {
  readonly run: Run;
  /** Below the beginning of the list, in pixels. */
  readonly top: number;
  /** As its layout says, in pixels. */
  readonly height: number;
  /** Among all runs, from 1. */
  readonly position: number;
  /** Of all runs; undefined while it is not known. */
  readonly count: number | undefined;
}

/** One run in the list: what it delivers or checks, and how far it has come in which stage. While the list is scrolled, only a new one is rendered. */
export const RunItem = memo(function RunItem({ run, top, height, position, count = -1 }: RunItemProps) {
  const { keptnContext, kind, project, startedAt, images, steps, labels } = run;
  const services = [...new Set(steps.map(({ service }) => service))].filter(Boolean);
  const image = images.at(-1);
  return (
    <li style={{ top, height }} aria-setsize={count} aria-posinset={position}>
      <article className="run">
        <div className="run-head">
          <span className="run-text">
            <ViewLink to={['run', keptnContext]}>
              <strong>
                {kind} of {services.join(', ') || project || 'an unknown service'}
              </strong>
            </ViewLink>{' '}
            <span className="muted">in {project || 'no project'}</span>
          </span>
          <Time at={startedAt} className="muted small" />
        </div>
        {(image !== undefined || labels.length > 0) && (
          <div className="run-text">
            {image !== undefined && <Image reference={image} />}
            {labels.map((label) => (
              <span key={label} className="muted small">
                {label}
              </span>
            ))}
          </div>
        )}
        <ul className="run-steps">
          {steps.map((step) => (
            <Step key={`${step.stage}/${step.service}`} step={step} />
          ))}
        </ul>
      </article>
    </li>
  );
});

/** In as few elements as can be: they are most of what is drawn when the list is scrolled. */
function Step({ step }: { readonly step: RunStep }) {
  const { kind, word } = statusOf(step);
  const text = `${step.stage || 'no stage'}: ${word}`;
  return (
    <li className={`run-step status-${kind}${IS_SHORT.test(text) ? '' : ' run-text'}`}>
      {DRAWN[kind]}
      {text}
    </li>
  );
}

function statusOf({ state, result, problem }: RunStep): { readonly kind: StatusKind; readonly word: string } {
  if (problem?.state === 'open') return { kind: 'bad', word: 'problem' };
  if (state !== 'finished' || result === undefined) return { kind: kindOfState(state), word: state };
  return { kind: kindOfResult(result), word: wordOfResult(result) };
}
