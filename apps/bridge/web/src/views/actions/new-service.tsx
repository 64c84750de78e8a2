import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { callApi } from '../../api/clients';
import { queryClient } from '../../api/queries';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { Field, Form } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { Card } from '../../ui/page';
import { boardQuery } from '../board/board.queries';

/** A service in every stage of the project. */
export function NewService({ project }: { readonly project: string }) {
  const [name, setName] = useState('');
  const creation = useMutation({
    mutationFn: (serviceName: string) =>
      callApi('POST /v1/project/{project}/service', { parameters: { project }, body: { serviceName } }),
    onSuccess: () => queryClient.invalidateQueries(boardQuery(project)),
  });
  return (
    <Card>
      <h2>Create a service</h2>
      <Form
        action="Create service"
        attempt={creation}
        onSubmit={({ serviceName = '' }) => {
          creation.mutate(serviceName);
        }}
        onTexts={({ serviceName = '' }) => {
          setName(serviceName);
        }}
      >
        <Field name="serviceName" label="Name of the new service" required />
      </Form>
      {creation.isSuccess && <Notice kind="neutral">Service {creation.variables} is in every stage now.</Notice>}
      <Code
        what="command that creates the service"
        text={commandLine('create service', [name || 'SERVICE'], { project })}
      />
    </Card>
  );
}
