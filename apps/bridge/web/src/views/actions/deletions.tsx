import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { callApi } from '../../api/clients';
import { queryClient } from '../../api/queries';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { DeleteByName } from '../../ui/delete-by-name';
import { Choice } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { Card } from '../../ui/page';
import { boardQuery } from '../board/board.queries';
import { projectsQuery } from '../projects/projects.queries';
import { dropDraftsIn } from '../resources/drafts';
import { type ActionSearch } from './action-search';
import { type Names } from './actions-view';

interface DeleteServiceProps {
  readonly names: Names;
  readonly chosen: ActionSearch;
}

export function DeleteService({ names: { project, services }, chosen }: DeleteServiceProps) {
  const [wanted, setWanted] = useState(chosen.service ?? '');
  const service = services.includes(wanted) ? wanted : (services[0] ?? '');
  const deletion = useMutation({
    mutationFn: (service: string) =>
      callApi('DELETE /v1/project/{project}/service/{service}', { parameters: { project, service } }),
    onSuccess: () => queryClient.invalidateQueries(boardQuery(project)),
  });
  return (
    <Card>
      <h2>Delete a service</h2>
      <Choice
        name="service"
        label="Service to delete"
        options={services}
        value={service}
        onChange={({ target }) => {
          setWanted(target.value);
          deletion.reset();
        }}
      />
      {deletion.isSuccess && <Notice kind="neutral">Service {deletion.variables} is deleted from every stage.</Notice>}
      <DeleteByName
        key={service}
        kind="service"
        name={service}
        attempt={{
          ...deletion,
          mutate: () => {
            deletion.mutate(service);
          },
        }}
      />
      <Code what="command that deletes the service" text={commandLine('delete service', [service], { project })} />
    </Card>
  );
}

export function DeleteProject({ project }: { readonly project: string }) {
  const navigate = useNavigate();
  const deletion = useMutation({
    mutationFn: async () => {
      await callApi('DELETE /v1/project/{project}', { parameters: { project } });
      dropDraftsIn(project);
      await navigate({ to: '/' });
      await queryClient.invalidateQueries(projectsQuery);
    },
  });
  return (
    <Card>
      <h2>Delete the project</h2>
      <p>Its services, its resources with their history, and its events are deleted with it.</p>
      <DeleteByName
        kind="project"
        name={project}
        attempt={{
          ...deletion,
          mutate: () => {
            deletion.mutate();
          },
        }}
      />
      <Code what="command that deletes the project" text={commandLine('delete project', [project])} />
    </Card>
  );
}
