import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ApiFailure } from '../../api/api-failure';
import { textOf } from '../../api/base64';
import { presentPerson } from '../../api/person';
import { Button } from '../../ui/button';
import { Field } from '../../ui/form';
import { lineEndsOf, withLineEndsOf } from '../../ui/line-ends';
import { goToLine, LinedText, linesIn } from '../../ui/lined-text';
import { Failure, Notice } from '../../ui/notice';
import { afterSaving, type Draft, draftOf, dropDraft, keepDraft } from './drafts';
import { DeletedMeanwhile, EditConflict } from './edit-conflict';
import { type ResourceLocation } from './resource-scope';
import { forgetResources, read, write, type Writing } from './resources.queries';

interface FileEditorProps {
  readonly location: ResourceLocation;
  /** The current content. */
  readonly text: string;
  readonly entityTag: string;
}

/**
 * A file to be changed. It shows what the file is by now until somebody writes; what somebody else changes from then on is shown beside
 * it, and never overwritten by accident.
 */
export function FileEditor({ location, text, entityTag }: FileEditorProps) {
  const [by] = useState(presentPerson);
  const place = { by, location };
  const [draft, setDraft] = useState(() => draftOf(place));
  const [message, setMessage] = useState('');
  const [isDeleted, setDeleted] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const shown = draft ?? { text, base: text, basedOn: entityTag };
  const isChanged = draft !== undefined;
  const change = (next: Draft | undefined): void => {
    if (next === undefined) dropDraft(place);
    else keepDraft(place, next);
    setDraft(next);
  };
  const save = useMutation({
    mutationFn: (writing: Pick<Writing, 'basedOn' | 'handling'> & { readonly content: string }) =>
      write({ location, message, ...writing }),
    onSuccess: async (_remarks, { content }) => {
      const saved = await read(location);
      await forgetResources(location.project);
      change(afterSaving(draftOf(place), content, { base: textOf(saved.bytes) ?? content, basedOn: saved.entityTag }));
      setMessage('');
      setDeleted(false);
    },
    onError: async ({ reason }) => {
      if (reason !== 'RESOURCE_CHANGED') return;
      const isThere = await exists(location);
      setDeleted(!isThere);
      if (isThere) await forgetResources(location.project);
    },
  });
  const saveOver = (basedOn: string | undefined, handling: Writing['handling'] = 'strict'): void => {
    save.mutate({ content: shown.text, basedOn, handling });
  };
  const discard = (): void => {
    change(undefined);
    setDeleted(false);
    save.reset();
  };
  const faults = save.error?.reason === 'INVALID_FILE' ? linesIn(save.error.message) : new Set<number>();
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        saveOver(shown.basedOn);
      }}
    >
      <LinedText
        ref={area}
        label="Content"
        text={shown.text}
        marked={faults}
        onText={(edited) => {
          const next = withLineEndsOf(shown.base, edited);
          change(next === shown.base ? undefined : { ...shown, text: next });
        }}
      />
      {lineEndsOf(shown.base) === 'mixed' && (
        <Notice kind="warning">
          The lines of this file end in several ways. Once it is changed here, all of them end as on Unix.
        </Notice>
      )}
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
              saveOver(shown.basedOn, 'lenient');
            }}
          >
            Save it with these faults
          </Button>
        </div>
      )}
      {isDeleted && (
        <DeletedMeanwhile
          onWriteAnew={() => {
            saveOver(undefined);
          }}
        />
      )}
      {shown.basedOn !== entityTag && !save.isPending && (
        <EditConflict
          base={shown.base}
          mine={shown.text}
          theirs={text}
          onKeepMine={() => {
            saveOver(entityTag);
          }}
          onTakeTheirs={discard}
        />
      )}
      {save.data?.map((remark) => (
        <Notice key={remark} kind="warning">
          {remark}
        </Notice>
      ))}
      {save.isSuccess && !isChanged && <Notice kind="neutral">Saved.</Notice>}
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
          <Button look="main" type="submit" disabled={save.isPending || !isChanged}>
            Save
          </Button>
          {isChanged && <Button onClick={discard}>Discard my changes</Button>}
        </div>
      </div>
    </form>
  );
}

/** What cannot be asked for is taken to be there: saving says why. */
const exists = (location: ResourceLocation): Promise<boolean> =>
  read(location).then(
    () => true,
    (error: unknown) => !(error instanceof ApiFailure && error.status === 404),
  );
