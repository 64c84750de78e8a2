import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../api/rights';
import { Field, Form } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { Card } from '../../ui/page';
import { type ResourceScope, scopeTitle } from './resource-scope';
import { forgetResources, write } from './resources.queries';

interface Upload {
  readonly path: string;
  readonly content: Uint8Array | string;
  readonly message: string;
}

/** A new file, from this computer or written here. A file that exists is not replaced. */
export function NewResource({ scope }: { readonly scope: ResourceScope }) {
  const { project, stage, service } = scope;
  const navigate = useNavigate();
  const mayWrite = useMay('resource:write', { project });
  const [file, setFile] = useState<File>();
  const [path, setPath] = useState('');
  const searchOf = (to: string) => ({
    ...(stage !== undefined && { stage }),
    ...(service !== undefined && { service }),
    path: to,
  });
  const upload = useMutation({
    mutationFn: async ({ path: to, content, message }: Upload) => {
      await write({ location: { ...scope, path: to }, content, message, basedOn: undefined, handling: 'strict' });
      await forgetResources(project);
      await navigate({ to: '/resources/$project', params: { project }, search: searchOf(to) });
    },
  });
  const existing = upload.isError && upload.error.reason === 'RESOURCE_CHANGED' ? upload.variables.path : undefined;
  if (!mayWrite) return <Notice kind="neutral">Choose a file to see its content and its history.</Notice>;
  const submit = async (text: string, message: string): Promise<void> => {
    const content = file === undefined ? text : new Uint8Array(await file.arrayBuffer());
    upload.mutate({ path, content, message });
  };
  return (
    <Card>
      <h2>Add a file to {scopeTitle(scope)}</h2>
      <Form
        action="Add file"
        attempt={existing !== undefined ? { ...upload, error: null } : upload}
        onSubmit={({ text = '', message = '' }) => {
          void submit(text, message);
        }}
      >
        <label>
          From this computer
          <input
            type="file"
            onChange={({ target }) => {
              const chosen = target.files?.[0];
              setFile(chosen);
              if (chosen !== undefined && path === '') setPath(chosen.name);
            }}
          />
        </label>
        <Field
          name="path"
          label="Path, such as slo.yaml or jmeter/load.jmx"
          required
          value={path}
          onChange={({ target }) => {
            setPath(target.value);
          }}
        />
        <Field name="message" label="Why (optional)" maxLength={1000} />
        {file === undefined && (
          <label className="whole-row">
            Content, unless a file is chosen
            <textarea name="text" rows={8} spellCheck={false} />
          </label>
        )}
      </Form>
      {existing !== undefined && (
        <Notice kind="warning">
          <span>
            There is such a file already, and it was not replaced:{' '}
            <Link to="/resources/$project" params={{ project }} search={searchOf(existing)}>
              {existing}
            </Link>
          </span>
        </Notice>
      )}
    </Card>
  );
}
