import type { HistoryEntry } from '@keptn/api-models';
import { useNavigate } from '@tanstack/react-router';
import { Form } from '../../ui/form';
import { CURRENT, type ResourceSearch } from './resource-scope';

/** Longest part of a message in a list to choose from, in characters. */
const MESSAGE_LENGTH = 50;

interface CompareFormProps {
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  readonly project: string;
  readonly search: ResourceSearch;
}

/** Leads to the comparison of any two versions of a file. */
export function CompareForm({ entries, project, search }: CompareFormProps) {
  const navigate = useNavigate();
  return (
    <Form
      action="Compare"
      attempt={{ isPending: false, error: null }}
      onSubmit={({ version = '', to = '' }) => {
        void navigate({ to: '/resources/$project', params: { project }, search: { ...search, version, to } });
      }}
    >
      <label>
        From version
        <select name="version" defaultValue={entries[1]?.version}>
          <Versions entries={entries} />
        </select>
      </label>
      <label>
        To version
        <select name="to" defaultValue={CURRENT}>
          <option value={CURRENT}>current content</option>
          <Versions entries={entries} />
        </select>
      </label>
    </Form>
  );
}

const Versions = ({ entries }: Pick<CompareFormProps, 'entries'>) =>
  entries.map(({ version, message }) => (
    <option key={version} value={version}>
      {version.slice(0, 10)} {message.slice(0, MESSAGE_LENGTH)}
    </option>
  ));
