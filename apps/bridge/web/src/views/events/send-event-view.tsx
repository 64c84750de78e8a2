import type { EventType } from '@keptn/api-models';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type Fields, fieldsIn } from '../../api/logged-event';
import { Code } from '../../ui/code';
import { withInput } from '../../ui/command-line';
import { Choice, Form } from '../../ui/form';
import { LinedText } from '../../ui/lined-text';
import { Loaded } from '../../ui/loaded';
import { Notice } from '../../ui/notice';
import { Card, Page } from '../../ui/page';
import { DataFieldInputs } from './data-field-inputs';
import { dataFieldsOf } from './data-fields';
import { eventTypesQuery } from './events.queries';
import { useSending } from './use-sending';

const route = getRouteApi('/send-event');

/** Any event of Keptn, by a form that its schema makes, and as JSON. */
export function SendEventView() {
  const query = useQuery(eventTypesQuery);
  return (
    <Page title="Send an event">
      <Loaded query={query}>{({ eventTypes }) => <TypeChoice eventTypes={eventTypes} />}</Loaded>
    </Page>
  );
}

function TypeChoice({ eventTypes }: { readonly eventTypes: readonly EventType[] }) {
  const { type, project } = route.useSearch();
  const navigate = useNavigate();
  const chosen = eventTypes.find((each) => each.type === type);
  return (
    <>
      <Choice
        name="type"
        label="Type"
        none="choose a type"
        options={eventTypes.map((each) => each.type)}
        value={chosen?.type ?? ''}
        onChange={({ target }) => {
          void navigate({ to: '/send-event', search: { type: target.value, ...(project && { project }) } });
        }}
      />
      {chosen === undefined ? (
        <Notice kind="neutral">Each type has fields of its own, which appear once it is chosen.</Notice>
      ) : (
        <EventForm key={chosen.type} eventType={chosen} project={project} />
      )}
    </>
  );
}

interface EventFormProps {
  readonly eventType: EventType;
  readonly project: string | undefined;
}

function EventForm({ eventType, project }: EventFormProps) {
  const { type, description, dataSchema, exampleData } = eventType;
  const [json, setJson] = useState(() => written({ ...exampleData, ...(project && { project }) }));
  const data = read(json);
  const event = { type, source: 'keptn-bridge', specversion: '1.0', data: data ?? {} };
  const sending = useSending();
  return (
    <>
      <Card>
        <h2>{description}</h2>
        <Form
          action="Send event"
          attempt={sending}
          onSubmit={() => {
            if (data !== undefined) sending.mutate(event);
          }}
        >
          {data !== undefined && (
            <DataFieldInputs
              fields={dataFieldsOf(dataSchema)}
              data={data}
              onData={(next) => {
                setJson(written(next));
              }}
            />
          )}
          <div className="whole-row stack">
            <LinedText label="Data as JSON" text={json} onText={setJson} />
            {data === undefined && <Notice kind="warning">This is no JSON object yet, so it cannot be sent.</Notice>}
          </div>
        </Form>
      </Card>
      <Card>
        <h2>The same in a terminal</h2>
        <Code what="command that sends the event" text={withInput('keptn send event --file=-', written(event))} />
      </Card>
    </>
  );
}

const written = (value: unknown): string => JSON.stringify(value, undefined, 2);

/** @returns undefined for what is no JSON object */
function read(json: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? fieldsIn(value) : undefined;
  } catch {
    return undefined;
  }
}
