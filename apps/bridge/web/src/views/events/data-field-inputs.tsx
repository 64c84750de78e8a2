import { type Fields } from '../../api/logged-event';
import { type DataField, valueAt, withValue } from './data-fields';

interface DataFieldInputsProps {
  readonly fields: readonly DataField[];
  readonly data: Fields;
  readonly onData: (data: Fields) => void;
}

/** A field in the form for each of the data; an empty one is left out of the event. */
export function DataFieldInputs({ fields, data, onData }: DataFieldInputsProps) {
  return fields.map((field) => {
    const change = (value: unknown): void => {
      onData(withValue(data, field.path, value));
    };
    return (
      <DataFieldInput key={field.path.join('.')} field={field} value={valueAt(data, field.path)} onValue={change} />
    );
  });
}

interface DataFieldInputProps {
  readonly field: DataField;
  readonly value: unknown;
  readonly onValue: (value: unknown) => void;
}

function DataFieldInput({ field: { path, kind, description }, value, onValue }: DataFieldInputProps) {
  const label = (
    <span>
      {path.join('.')} <span className="hint">{description}</span>
    </span>
  );
  if (kind === 'flag') {
    return (
      <label>
        {label}
        <select
          value={typeof value === 'boolean' ? String(value) : ''}
          onChange={({ target }) => {
            onValue(target.value === '' ? undefined : target.value === 'true');
          }}
        >
          <option value="">not said</option>
          <option>true</option>
          <option>false</option>
        </select>
      </label>
    );
  }
  return (
    <label>
      {label}
      <input
        type={kind === 'number' ? 'number' : 'text'}
        step="any"
        autoComplete="off"
        spellCheck={false}
        value={typeof value === 'string' || typeof value === 'number' ? value : ''}
        onChange={({ target }) => {
          if (target.value === '') onValue(undefined);
          else onValue(kind === 'number' ? target.valueAsNumber : target.value);
        }}
      />
    </label>
  );
}
