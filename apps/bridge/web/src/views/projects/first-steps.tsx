import { Code } from '../../ui/code';
import { withInput } from '../../ui/command-line';
import { Card } from '../../ui/page';
import { EXAMPLE_SHIPYARD } from './example-shipyard';
import { ProjectForm } from './project-form';

/** From nothing to a first project: in the page, or with three commands. */
export function FirstSteps() {
  return (
    <div className="first-steps">
      <Card>
        <h2>Create your first project here</h2>
        <ProjectForm />
      </Card>
      <Card>
        <h2>Or with three commands</h2>
        <ol>
          <li>
            Connect the command: <Code what="first command" text={`keptn auth --endpoint=${apiUrl()}`} />
          </li>
          <li>
            Create a project:
            <Code what="second command" text={withInput('keptn create project hello --shipyard=-', EXAMPLE_SHIPYARD)} />
          </li>
          <li>
            Add a service: <Code what="third command" text="keptn create service carts --project=hello" />
          </li>
        </ol>
      </Card>
    </div>
  );
}

const apiUrl = (): string => new URL('../api', document.baseURI).href;
