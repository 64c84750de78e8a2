import type { EvaluationReport } from '@keptn/api-models';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { queryClient } from '../../api/queries';
import { useMay } from '../../api/rights';
import { Button } from '../../ui/button';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { Failure, Notice } from '../../ui/notice';
import { Time } from '../../ui/time';
import { declareValidity, evaluationsQuery } from './evaluations.queries';

interface ValidityProps {
  readonly evaluation: EvaluationReport;
}

/** Whether an evaluation counts, and for those who may how to say that it does not, or does after all. */
export function Validity({ evaluation }: ValidityProps) {
  const { invalidated, project } = evaluation;
  const mayDeclare = useMay('event:write', { project });
  return (
    <div className="stack">
      {invalidated !== undefined && (
        <Notice kind="warning">
          <strong>
            Declared invalid <Time at={invalidated.time} />: {invalidated.reason || 'without a reason'}
          </strong>
          <span className="small">No later evaluation is compared with it.</span>
        </Notice>
      )}
      {mayDeclare ? (
        <ValidityForm evaluation={evaluation} />
      ) : (
        invalidated === undefined && <p className="muted">It counts.</p>
      )}
    </div>
  );
}

function ValidityForm({ evaluation }: ValidityProps) {
  const { id, invalidated, project, stage, service } = evaluation;
  const names = { project, stage, service };
  const declaration = useMutation({
    mutationFn: (reason: string) => declareValidity(evaluation, reason),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: evaluationsQuery(names).queryKey.slice(0, 2) }),
  });
  const [reason, setReason] = useState('');
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    declaration.mutate(reason, {
      onSuccess: () => {
        setReason('');
      },
    });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <label>
        {invalidated === undefined ? 'Why it should not count' : 'Why it counts after all'}
        <input
          required
          maxLength={1000}
          autoComplete="off"
          value={reason}
          onChange={({ target }) => {
            setReason(target.value);
          }}
        />
      </label>
      {declaration.error !== null && <Failure error={declaration.error} />}
      <div>
        <Button type="submit" disabled={declaration.isPending}>
          {invalidated === undefined ? 'Declare invalid' : 'Declare valid again'}
        </Button>
      </div>
      <Code
        what="command"
        text={commandLine(`${invalidated === undefined ? 'invalidate' : 'revalidate'} evaluation`, [id], {
          reason: reason || 'REASON',
        })}
      />
    </form>
  );
}
