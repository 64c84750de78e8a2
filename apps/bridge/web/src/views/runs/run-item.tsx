import type { Run, RunStep } from '@keptn/api-models';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { Image } from '../../ui/image';
import { Result, Status, StepState } from '../../ui/status';
import { Time } from '../../ui/time';

/** One run in the list: what it delivers or checks, and how far it has come in which stage. While the list is scrolled, only a new one is rendered. */
export const RunItem = memo(function RunItem({ run }: { readonly run: Run }) {
  const { keptnContext, kind, project, startedAt, images, steps, labels } = run;
  const services = [...new Set(steps.map(({ service }) => service))].filter(Boolean);
  const image = images.at(-1);
  return (
    <article className="run">
      <div className="run-head">
        <span className="break">
          <Link to="/run/$keptnContext" params={{ keptnContext }}>
            <strong>
              {kind} of {services.join(', ') || project || 'an unknown service'}
            </strong>
          </Link>{' '}
          <span className="muted">in {project || 'no project'}</span>
        </span>
        <span className="muted small">
          began <Time at={startedAt} />
        </span>
      </div>
      <div className="row">
        {image !== undefined && <Image reference={image} />}
        {labels.map((label) => (
          <span key={label} className="muted small break">
            {label}
          </span>
        ))}
      </div>
      <ul className="row">
        {steps.map((step) => (
          <li key={`${step.stage}/${step.service}`} className="row small">
            <span className="break">{step.stage || 'no stage'}</span>
            <Step step={step} />
          </li>
        ))}
      </ul>
    </article>
  );
});

function Step({ step: { state, result, problem } }: { readonly step: RunStep }) {
  if (problem?.state === 'open') return <Status kind="bad">problem</Status>;
  return state === 'finished' && result !== undefined ? <Result result={result} /> : <StepState state={state} />;
}
