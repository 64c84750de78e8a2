import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button';
import { Json } from '../../ui/code';
import { Facts } from '../../ui/facts';
import { Result } from '../../ui/status';
import { Time } from '../../ui/time';
import { type ExplainedEvent } from './explained-event';
import { factsOf, resultOf, titleOf } from './event-words';
import './run.css';

export interface EventItemProps {
  readonly event: ExplainedEvent;
  readonly isSelected: boolean;
}

/** One event: what happened, and when it is opened what it says, in words and as JSON. */
export function EventItem({ event, isSelected }: EventItemProps) {
  const [isOpen, setOpen] = useState(isSelected);
  const element = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (isSelected) element.current?.scrollIntoView({ block: 'center' });
  }, [isSelected]);
  const result = resultOf(event);
  return (
    <details
      ref={element}
      className="event"
      open={isOpen}
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
      }}
    >
      <summary>
        <strong>{titleOf(event)}</strong>
        {result !== '' && <Result result={result} />}
        <span className="muted small">
          <Time at={event.time} />
          {event.storedAt !== undefined && (
            <>
              , stored <Time at={event.storedAt} />
            </>
          )}
        </span>
      </summary>
      {isOpen && <EventContent event={event} />}
    </details>
  );
}

function EventContent({ event }: Pick<EventItemProps, 'event'>) {
  const [showsJson, setShowsJson] = useState(false);
  return (
    <div className="event-content">
      <Facts
        facts={[
          ['Type', event.type],
          ['Id', event.id],
          ['Time', event.time],
          ...(event.storedAt === undefined ? [] : [['Stored', event.storedAt] as const]),
          ...factsOf(event),
          ...(event.why === '' ? [] : [['Then', event.why] as const]),
        ]}
      />
      <div className="row">
        <EvaluationLink event={event} />
        <Button
          aria-expanded={showsJson}
          onClick={() => {
            setShowsJson(!showsJson);
          }}
        >
          {showsJson ? 'Hide JSON' : 'Show JSON'}
        </Button>
      </div>
      {showsJson && <Json what="event as JSON" value={event.whole} />}
    </div>
  );
}

/** From the end of an evaluation to all about it. */
function EvaluationLink({ event: { type, project, stage, service, id } }: Pick<EventItemProps, 'event'>) {
  if (type !== 'sh.keptn.events.evaluation-done' || [project, stage, service].includes('')) return null;
  return (
    <Link
      className="button"
      to="/evaluations/$project/$stage/$service"
      params={{ project, stage, service }}
      search={{ until: id }}
    >
      The evaluation
    </Link>
  );
}
