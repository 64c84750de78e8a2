import { useNavigate } from '@tanstack/react-router';
import { memo, type SubmitEvent } from 'react';
import { Button } from '../../ui/button';
import { readRunFilter, RUN_KINDS, RUN_STATES, type RunFilter } from './run-filter';

/** The filter of the list; what is chosen becomes a part of the URL. */
export const RunFilterForm = memo(function RunFilterForm({ filter }: { readonly filter: RunFilter }) {
  const navigate = useNavigate();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const search = readRunFilter(Object.fromEntries(new FormData(event.currentTarget)));
    void navigate({ to: '/runs', search });
  };
  return (
    <form className="run-filter" onSubmit={submit} role="search">
      <TextField name="project" label="Project" filter={filter} />
      <TextField name="stage" label="Stage" filter={filter} />
      <TextField name="service" label="Service" filter={filter} />
      <TextField name="image" label="Image" filter={filter} />
      <TextField name="label" label="Label (key=value)" filter={filter} />
      <TextField name="keptnContext" label="Keptn context" filter={filter} />
      <TextField name="fromTime" label="Not earlier" placeholder="2026-01-31T10:15:30Z" filter={filter} />
      <TextField name="beforeTime" label="Earlier than" placeholder="2026-02-28T10:15:30Z" filter={filter} />
      <Choice name="kind" label="Kind" options={RUN_KINDS} filter={filter} />
      <Choice name="state" label="State" options={RUN_STATES} filter={filter} />
      <div className="row">
        <Button type="submit" look="main">
          Search
        </Button>
        <Button onClick={() => void navigate({ to: '/runs' })}>Clear</Button>
      </div>
    </form>
  );
});

interface FieldProps {
  readonly name: keyof RunFilter;
  readonly label: string;
  readonly filter: RunFilter;
}

function TextField({ name, label, placeholder, filter }: FieldProps & { readonly placeholder?: string }) {
  return (
    <label>
      {label}
      <input name={name} defaultValue={filter[name]} placeholder={placeholder} autoComplete="off" spellCheck={false} />
    </label>
  );
}

function Choice({ name, label, options, filter }: FieldProps & { readonly options: readonly string[] }) {
  return (
    <label>
      {label}
      <select name={name} defaultValue={filter[name] ?? ''}>
        <option value="">any</option>
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    </label>
  );
}
