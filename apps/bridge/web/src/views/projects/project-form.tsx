import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { toBase64 } from '../../api/base64';
import { callApi } from '../../api/clients';
import { queryClient } from '../../api/queries';
import { Button } from '../../ui/button';
import { Code } from '../../ui/code';
import { commandLine, withInput } from '../../ui/command-line';
import { goToLine, LinedText, linesIn } from '../../ui/lined-text';
import { Failure, Notice } from '../../ui/notice';
import { EXAMPLE_SHIPYARD } from './example-shipyard';
import { projectsQuery } from './projects.queries';

type How = 'check' | 'create';

/** Creates a project, and goes there. Everything is checked before anything is made. */
export function ProjectForm() {
  const navigate = useNavigate();
  const [name, setName] = useState('hello');
  const [shipyard, setShipyard] = useState(EXAMPLE_SHIPYARD);
  const area = useRef<HTMLTextAreaElement>(null);
  const attempt = useMutation({
    mutationFn: async (how: How) => {
      const body = { name, shipyard: toBase64(shipyard) };
      await callApi('POST /v1/project', { body, query: { dryRun: 'true' } });
      if (how === 'check') return;
      await callApi('POST /v1/project', { body });
      await queryClient.invalidateQueries(projectsQuery);
      await navigate({ to: '/project/$project', params: { project: name } });
    },
  });
  const faults = attempt.error?.reason === 'INVALID_SHIPYARD' ? linesIn(attempt.error.message) : new Set<number>();
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        attempt.mutate('create');
      }}
    >
      <label>
        Name
        <input
          name="name"
          required
          autoComplete="off"
          value={name}
          onChange={({ target }) => {
            setName(target.value);
          }}
        />
      </label>
      <div>
        <span className="small">Shipyard: its stages, and how a release goes from one to the next</span>
        <LinedText ref={area} label="Shipyard" text={shipyard} marked={faults} onText={setShipyard} />
      </div>
      {attempt.error !== null && <Failure error={attempt.error} />}
      {attempt.isSuccess && attempt.variables === 'check' && (
        <Notice kind="neutral">The project could be created like this.</Notice>
      )}
      <div className="row">
        <Button look="main" type="submit" disabled={attempt.isPending}>
          Create project
        </Button>
        <Button
          disabled={attempt.isPending}
          onClick={() => {
            attempt.mutate('check');
          }}
        >
          Check only
        </Button>
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
      </div>
      <Code
        what="command that creates the project"
        text={withInput(commandLine('create project', [name || 'NAME'], { shipyard: '-' }), shipyard)}
      />
    </form>
  );
}
