import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { textOf } from '../../api/base64';
import { Button } from '../../ui/button';
import { Field } from '../../ui/form';
import { goToLine, LinedText, linesIn } from '../../ui/lined-text';
import { Failure, Notice } from '../../ui/notice';
import { type Draft, draftOf, dropDraft, keepDraft } from './drafts';
import { EditConflict, type Theirs } from './edit-conflict';
import { type ResourceLocation } from './resource-scope';
import { forgetResources, read, write, type Writing } from './resources.queries';

interface FileEditorProps {
  readonly location: ResourceLocation;
  /** The current content. */
  readonly text: string;
  readonly entityTag: string;
}

/** A file to be changed. What somebody else has changed meanwhile is shown and never overwritten by accident. */
export function FileEditor({ location, text, entityTag }: FileEditorProps) {
  const key = JSON.stringify(location);
  const [draft, setDraft] = useState<Draft>(() => draftOf(key) ?? { text, base: text, basedOn: entityTag });
  const [message, setMessage] = useState('');
  const [theirs, setTheirs] = useState<Theirs>();
  const area = useRef<HTMLTextAreaElement>(null);
  const change = (next: Draft): void => {
    keepDraft(key, next);
    setDraft(next);
  };
  const startFrom = (content: Theirs): void => {
    dropDraft(key);
    setDraft({ text: content.text, base: content.text, basedOn: content.entityTag });
    setTheirs(undefined);
  };
  const save = useMutation({
    mutationFn: (how: Pick<Writing, 'basedOn' | 'handling'>) =>
      write({ location, content: draft.text, message, ...how }),
    onSuccess: async () => {
      const saved = await read(location);
      startFrom({ text: textOf(saved.bytes) ?? draft.text, entityTag: saved.entityTag });
      setMessage('');
      await forgetResources(location.project);
    },
    onError: async ({ reason }) => {
      if (reason !== 'RESOURCE_CHANGED') return;
      const changed = await read(location);
      setTheirs({ text: textOf(changed.bytes) ?? '', entityTag: changed.entityTag });
    },
  });
  const discard = (content: Theirs): void => {
    startFrom(content);
    save.reset();
  };
  const faults = save.error?.reason === 'INVALID_FILE' ? linesIn(save.error.message) : new Set<number>();
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ basedOn: draft.basedOn, handling: 'strict' });
      }}
    >
      <LinedText
        ref={area}
        label="Content"
        text={draft.text}
        marked={faults}
        onText={(next) => {
          change({ ...draft, text: next });
        }}
      />
      {save.error !== null && <Failure error={save.error} />}
      {faults.size > 0 && (
        <div className="row">
          {[...faults].map((line) => (
            <Button
              key={line}
              onClick={() => {
                goToLine(area.current, line);
              }}
            >
              Go to line {line}
            </Button>
          ))}
          <Button
            onClick={() => {
              save.mutate({ basedOn: draft.basedOn, handling: 'lenient' });
            }}
          >
            Save it with these faults
          </Button>
        </div>
      )}
      {theirs !== undefined && (
        <EditConflict
          base={draft.base}
          mine={draft.text}
          theirs={theirs}
          onKeepMine={() => {
            save.mutate({ basedOn: theirs.entityTag, handling: 'strict' });
          }}
          onTakeTheirs={() => {
            discard(theirs);
          }}
        />
      )}
      {save.data?.map((remark) => (
        <Notice key={remark} kind="warning">
          {remark}
        </Notice>
      ))}
      {save.isSuccess && draft.text === draft.base && <Notice kind="neutral">Saved.</Notice>}
      <div className="fields">
        <Field
          name="message"
          label="Why, for the history (optional)"
          maxLength={1000}
          value={message}
          onChange={({ target }) => {
            setMessage(target.value);
          }}
        />
        <div className="row">
          <Button look="main" type="submit" disabled={save.isPending || draft.text === draft.base}>
            Save
          </Button>
          {draft.text !== draft.base && (
            <Button
              onClick={() => {
                discard({ text, entityTag });
              }}
            >
              Discard my changes
            </Button>
          )}
        </div>
      </div>
    </form>
  );
}
