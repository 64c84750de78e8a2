import type { EvaluationReport } from '@keptn/api-models';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent } from 'react';
import { queryClient } from '../../api/queries';
import { Button } from '../../ui/button';
import { Code } from '../../ui/code';
import { Failure, Notice } from '../../ui/notice';
import { Time } from '../../ui/time';
import { declareValidity, evaluationsQuery } from './evaluations.queries';

/** Whether an evaluation counts, and how to say that it does not, or does after all. */
export function ValidityForm({ evaluation }: { readonly evaluation: EvaluationReport }) {
  const { id, invalidated, project, stage, service } = evaluation;
  const names = { project, stage, service };
  const declaration = useMutation({
    mutationFn: (reason: string) => declareValidity(evaluation, reason),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: evaluationsQuery(names).queryKey.slice(0, 2) }),
  });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const reason = new FormData(form).get('reason');
    declaration.mutate(typeof reason === 'string' ? reason : '', {
      onSuccess: () => {
        form.reset();
      },
    });
  };
  return (
    <form className="stack" onSubmit={submit}>
      {invalidated !== undefined && (
        <Notice kind="warning">
          <strong>
            Declared invalid <Time at={invalidated.time} />: {invalidated.reason || 'without a reason'}
          </strong>
          <span className="small">No later evaluation is compared with it.</span>
        </Notice>
      )}
      <label>
        {invalidated === undefined ? 'Why it should not count' : 'Why it counts after all'}
        <input name="reason" required maxLength={1000} autoComplete="off" />
      </label>
      {declaration.error !== null && <Failure error={declaration.error} />}
      <div>
        <Button type="submit" disabled={declaration.isPending}>
          {invalidated === undefined ? 'Declare invalid' : 'Declare valid again'}
        </Button>
      </div>
      <Code
        what="command"
        text={`keptn ${invalidated === undefined ? 'invalidate' : 'revalidate'} evaluation ${id} --reason="…"`}
      />
    </form>
  );
}
