import { useState } from 'react';
import { callApi } from '../../api/clients';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { Choice, Field, Form, type Texts } from '../../ui/form';
import { Card } from '../../ui/page';
import { useStarting } from '../events/use-sending';
import { type ActionSearch } from './action-search';
import { type Names } from './actions-view';

interface StartEvaluationProps {
  readonly names: Names;
  readonly chosen: ActionSearch;
}

const OPERATION = 'POST /v1/project/{project}/stage/{stage}/service/{service}/evaluation';

/** A quality gate by hand; the page goes to its run. */
export function StartEvaluation({ names: { project, stages, services }, chosen }: StartEvaluationProps) {
  const [texts, setTexts] = useState<Texts>({ ...chosen });
  const start = useStarting(({ stage = '', service = '', timeframe, start: from, end }: Texts, headers) => {
    const body = { timeframe, start: from, end };
    return callApi(OPERATION, { parameters: { project, stage, service }, body, headers });
  });
  const { stage = '', service = '', timeframe, start: from, end } = texts;
  return (
    <Card>
      <h2>Start an evaluation</h2>
      <Form action="Evaluate" attempt={start} onSubmit={start.mutate} onTexts={setTexts}>
        <Field
          name="service"
          label="Service to evaluate"
          required
          suggestions={services}
          defaultValue={chosen.service}
        />
        <Choice name="stage" label="Stage" options={stages} defaultValue={chosen.stage} />
        <Field name="timeframe" label="Length, such as 5m" placeholder="5m" />
        <Field name="start" label="Start in UTC, unless it ends now" placeholder="2020-11-23T10:15:30" />
        <Field name="end" label="End in UTC, instead of a length" placeholder="2020-11-23T10:20:30" />
      </Form>
      <Code
        what="command that evaluates"
        text={commandLine('send event start-evaluation', [], {
          project,
          stage: stage || (stages[0] ?? 'STAGE'),
          service: service || 'SERVICE',
          timeframe,
          start: from,
          end,
        })}
      />
    </Card>
  );
}
