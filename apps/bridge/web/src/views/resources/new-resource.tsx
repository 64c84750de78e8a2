import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
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
  const upload = useMutation({
    mutationFn: async ({ path: to, content, message }: Upload) => {
      await write({ location: { ...scope, path: to }, content, message, basedOn: undefined, handling: 'strict' });
      await forgetResources(project);
      const search = { ...(stage !== undefined && { stage }), ...(service !== undefined && { service }), path: to };
      await navigate({ to: '/resources/$project', params: { project }, search });
    },
  });
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
        attempt={upload}
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
    </Card>
  );
}
