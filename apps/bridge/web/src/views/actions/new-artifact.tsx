import { useState } from 'react';
import { Code } from '../../ui/code';
import { commandLine } from '../../ui/command-line';
import { Choice, Field, Form, type Texts } from '../../ui/form';
import { Card } from '../../ui/page';
import { useSending } from '../events/use-sending';
import { type ActionSearch } from './action-search';
import { type Names } from './actions-view';
import { withTag } from './with-tag';

interface NewArtifactProps {
  readonly names: Names;
  readonly chosen: ActionSearch;
}

/** As `keptn send event new-artifact` sends it. */
const changeOf = (project: string, { service = '', stage = '', image = '' }: Texts) => ({
  type: 'sh.keptn.event.configuration.change',
  source: 'keptn-bridge',
  specversion: '1.0',
  data: {
    project,
    service,
    stage,
    valuesCanary: { image: withTag(image) },
    canary: { value: 100, action: 'set' },
    labels: null,
  },
});

/** A new version of a service, which begins its way through the stages; the page goes to its run. */
export function NewArtifact({ names: { project, stages, services }, chosen }: NewArtifactProps) {
  const [texts, setTexts] = useState<Texts>({ ...chosen });
  const delivery = useSending();
  return (
    <Card>
      <h2>Deliver a new artifact</h2>
      <Form
        action="Deliver"
        attempt={delivery}
        onSubmit={(given) => {
          delivery.mutate(changeOf(project, given));
        }}
        onTexts={setTexts}
      >
        <Field name="service" label="Service" required suggestions={services} defaultValue={chosen.service} />
        <Field
          name="image"
          label="Image with its tag, or the latest"
          required
          placeholder="docker.io/keptnexamples/carts:0.13.1"
        />
        <Choice
          name="stage"
          label="Stage to begin with"
          none="the first one"
          options={stages}
          defaultValue={chosen.stage}
        />
      </Form>
      <Code
        what="command that delivers"
        text={commandLine('send event new-artifact', [], {
          project,
          service: texts['service'] || 'SERVICE',
          image: texts['image'] || 'IMAGE',
          stage: texts['stage'],
        })}
      />
    </Card>
  );
}
