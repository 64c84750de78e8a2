import { type ComponentProps, type ReactNode, type SubmitEvent } from 'react';
import { type ApiFailure } from '../api/api-failure';
import { Button } from './button';
import { Failure } from './notice';
import './form.css';

/** The texts of a form's fields, by name. */
export type Texts = Readonly<Record<string, string>>;

export const textsIn = (form: HTMLFormElement): Texts =>
  Object.fromEntries(
    [...new FormData(form)].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])),
  );

/** What a field holds that takes several names with commas. */
export const listIn = (text: string): string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

export interface FormProps {
  /** On the button. */
  readonly action: string;
  readonly attempt: { readonly isPending: boolean; readonly error: ApiFailure | null };
  readonly onSubmit: (texts: Texts) => void;
  /** Called at each change, e.g. for the command line beside the form. */
  readonly onTexts?: (texts: Texts) => void;
  readonly children: ReactNode;
}

/** Fields, what the API has said to them, and the button. */
export function Form({ action, attempt, onSubmit, onTexts, children }: FormProps) {
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onSubmit(textsIn(event.currentTarget));
  };
  return (
    <form
      className="stack"
      onSubmit={submit}
      onChange={({ currentTarget }) => {
        onTexts?.(textsIn(currentTarget));
      }}
    >
      <div className="fields">{children}</div>
      {attempt.error !== null && <Failure error={attempt.error} />}
      <div>
        <Button look="main" type="submit" disabled={attempt.isPending}>
          {action}
        </Button>
      </div>
    </form>
  );
}

type FieldProps = ComponentProps<'input'> & {
  readonly label: string;
  readonly name: string;
  /** Offered, but anything can be written. */
  readonly suggestions?: readonly string[];
};

export function Field({ label, suggestions, ...input }: FieldProps) {
  const list = suggestions === undefined ? undefined : `${input.name}-suggestions`;
  return (
    <label>
      {label}
      <input autoComplete="off" spellCheck={false} {...input} {...(list !== undefined && { list })} />
      {suggestions !== undefined && (
        <datalist id={list}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
    </label>
  );
}

type ChoiceProps = ComponentProps<'select'> & {
  readonly label: string;
  readonly name: string;
  readonly options: readonly string[];
  /** What the empty option is called; without it there is none. */
  readonly none?: string;
};

export function Choice({ label, options, none, ...select }: ChoiceProps) {
  return (
    <label>
      {label}
      <select {...select}>
        {none !== undefined && <option value="">{none}</option>}
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    </label>
  );
}
