import { useState } from 'react';
import { type ApiFailure } from '../api/api-failure';
import { Button } from './button';
import { Failure } from './notice';

export interface DeleteByNameProps {
  /** What is deleted, e.g. `project`. */
  readonly kind: string;
  readonly name: string;
  readonly attempt: { readonly isPending: boolean; readonly error: ApiFailure | null; readonly mutate: () => void };
}

/** Nothing is deleted by a slip of the hand: its name has to be typed. */
export function DeleteByName({ kind, name, attempt }: DeleteByNameProps) {
  const [typed, setTyped] = useState('');
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed === name) attempt.mutate();
      }}
    >
      <label>
        <span>
          Type <code className="break">{name}</code> to delete the {kind}
        </span>
        <input
          value={typed}
          autoComplete="off"
          spellCheck={false}
          aria-label={`Name of the ${kind} to delete`}
          onChange={({ target }) => {
            setTyped(target.value);
          }}
        />
      </label>
      {attempt.error !== null && <Failure error={attempt.error} />}
      <div>
        <Button look="danger" type="submit" disabled={typed !== name || attempt.isPending}>
          Delete {kind}
        </Button>
      </div>
    </form>
  );
}
