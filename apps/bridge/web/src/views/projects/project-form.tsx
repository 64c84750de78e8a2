import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type SubmitEvent } from 'react';
import { toBase64 } from '../../api/base64';
import { callApi } from '../../api/clients';
import { queryClient } from '../../api/queries';
import { Button } from '../../ui/button';
import { Failure } from '../../ui/notice';
import { projectsQuery } from './projects.queries';

/** A delivery in three stages: tested, approved when in doubt, in production. */
const SHIPYARD = `stages:
  - name: dev
    deployment_strategy: direct
    test_strategy: functional
  - name: staging
    approval_strategy:
      pass: automatic
      warning: automatic
    deployment_strategy: blue_green_service
    test_strategy: performance
  - name: production
    approval_strategy:
      pass: automatic
      warning: manual
    deployment_strategy: blue_green_service
    remediation_strategy: automated
`;

/** Creates a project, and goes there. */
export function ProjectForm() {
  const navigate = useNavigate();
  const creation = useMutation({
    mutationFn: async ({ name, shipyard }: { readonly name: string; readonly shipyard: string }) => {
      await callApi('POST /v1/project', { body: { name, shipyard: toBase64(shipyard) } });
      await queryClient.invalidateQueries(projectsQuery);
      await navigate({ to: '/project/$project', params: { project: name } });
    },
  });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const text = (name: string): string => {
      const value = fields.get(name);
      return typeof value === 'string' ? value : '';
    };
    creation.mutate({ name: text('name'), shipyard: text('shipyard') });
  };
  return (
    <form className="stack" onSubmit={submit}>
      <label>
        Name
        <input name="name" required defaultValue="hello" autoComplete="off" />
      </label>
      <label>
        Shipyard: its stages, and how a release goes from one to the next
        <textarea name="shipyard" required rows={12} defaultValue={SHIPYARD} spellCheck={false} />
      </label>
      {creation.error !== null && <Failure error={creation.error} />}
      <div>
        <Button look="main" type="submit" disabled={creation.isPending}>
          Create project
        </Button>
      </div>
    </form>
  );
}
