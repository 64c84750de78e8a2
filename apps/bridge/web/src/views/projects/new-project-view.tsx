import { Link } from '@tanstack/react-router';
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
    </Page>
  );
}
