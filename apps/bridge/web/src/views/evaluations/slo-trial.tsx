import type { AnswerOf, lighthouseServiceApi } from '@keptn/api-models';
import { shownNumber } from '@keptn/quality-gate/shown-number';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { Button } from '../../ui/button';
import { Code } from '../../ui/code';
import { commandLine, withInput } from '../../ui/command-line';
import { Failure, Notice } from '../../ui/notice';
import { Scrolling } from '../../ui/page';
import { Result } from '../../ui/status';
import { ShortTime } from '../../ui/time';
import { previewSlo, type ServiceInStage } from './evaluations.queries';

type Preview = AnswerOf<typeof lighthouseServiceApi.previewEvaluations>;

export interface SloTrialProps {
  readonly names: ServiceInStage;
  /** The file that was evaluated by; undefined when there was none. */
  readonly slo: string | undefined;
}

/** The SLO file, and what the last evaluations would have come to with another one. Nothing is stored. */
export function SloTrial({ names, slo = '' }: SloTrialProps) {
  const { project, stage, service } = names;
  const trial = useMutation({ mutationFn: (text: string) => previewSlo(names, text) });
  const [text, setText] = useState(slo);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    trial.mutate(text);
  };
  return (
    <>
      {slo === '' && <p className="muted">It was evaluated without an SLO file.</p>}
      <form className="stack" onSubmit={submit}>
        <label>
          SLO file; change it to see what would have come of the last evaluations
          <textarea
            name="slo"
            required
            rows={18}
            value={text}
            spellCheck={false}
            onChange={({ target }) => {
              setText(target.value);
            }}
          />
        </label>
        <div>
          <Button type="submit" disabled={trial.isPending}>
            Try against the past
          </Button>
        </div>
      </form>
      {trial.error !== null && <Failure error={trial.error} />}
      {trial.data !== undefined && <TrialResult preview={trial.data} />}
      <Code
        what="command that tries an SLO file"
        text={
          text === ''
            ? commandLine('preview evaluations', [], { project, stage, service, slo: 'slo.yaml' })
            : withInput(commandLine('preview evaluations', [], { project, stage, service, slo: '-' }), text)
        }
      />
    </>
  );
}

function TrialResult({ preview: { evaluations, findings } }: { readonly preview: Preview }) {
  const changed = evaluations.filter(({ was, result }) => was.result !== result).length;
  return (
    <div className="stack" role="status">
      {findings.length > 0 && (
        <Notice kind="warning">
          {findings.map((finding) => (
            <span key={finding}>{finding}</span>
          ))}
        </Notice>
      )}
      <p>
        {evaluations.length === 0
          ? 'There are no stored values to try it against.'
          : `${changed} of the last ${evaluations.length} would have ended differently.`}
      </p>
      {evaluations.length > 0 && (
        <Scrolling label="What would have come of the last evaluations">
          <table className="value-table">
            <thead>
              <tr>
                <th scope="col">Evaluation</th>
                <th scope="col">Was</th>
                <th scope="col">Would be</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {evaluations.map((evaluation) => (
                <TrialRow key={evaluation.id} evaluation={evaluation} />
              ))}
            </tbody>
          </table>
        </Scrolling>
      )}
    </div>
  );
}

function TrialRow({
  evaluation: { time, was, result, score, reasons },
}: {
  readonly evaluation: Preview['evaluations'][number];
}) {
  return (
    <tr>
      <th scope="row">
        <ShortTime at={time} />
      </th>
      <td>
        <Result result={was.result} /> <span className="number">{shownNumber(was.score)}</span>
      </td>
      <td>
        <Result result={result} /> <span className="number">{shownNumber(score)}</span>
        {was.result !== result && <div className="small">changed</div>}
      </td>
      <td>
        <details className="small">
          <summary>{reasons.at(-1) ?? 'no reason'}</summary>
          {reasons.slice(0, -1).map((reason, index) => (
            <p key={index}>{reason}</p>
          ))}
        </details>
      </td>
    </tr>
  );
}
