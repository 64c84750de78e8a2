import { Link } from '@tanstack/react-router';
import { Code } from '../../ui/code';
import { Card, Page } from '../../ui/page';
import { ProjectForm } from './project-form';

/** One more project. */
export function NewProjectView() {
  return (
    <Page
      title="New project"
      within={[
        <Link key="projects" to="/">
          Projects
        </Link>,
      ]}
    >
      <Card>
        <ProjectForm />
      </Card>
      <Card>
        <h2>The same in a terminal</h2>
        <Code what="command" text="keptn create project hello --shipyard=shipyard.yaml" />
      </Card>
    </Page>
  );
}
