import { type OpenApiDescription } from '@keptn/service-kit';

export const openApi: OpenApiDescription = {
  title: 'Keptn configuration-service',
  description:
    'Projects, stages and services, and their resources (files) under version control. Each project is a Git repository: ' +
    '`master` for the project, a branch for each stage, a folder for each service. Writing shipyard.yaml changes what is ' +
    'shown as the shipyard; stages are created and deleted by their own operations only.',
  tags: [
    { name: 'Projects', description: 'Projects with their stages and services, as a tree' },
    { name: 'Stages', description: 'The stages of a project, in the order of its shipyard' },
    { name: 'Services', description: 'The services of a project or stage, with their last events and deployed images' },
    { name: 'Resources of projects', description: 'Files on the branch of the project, such as shipyard.yaml' },
    { name: 'Resources of stages', description: "Files on the branch of a stage, its services' folders included" },
    { name: 'Resources of services', description: 'Files in the folder of a service on the branch of a stage' },
    {
      name: 'Default resources of services',
      description: 'Files that a service has in every stage, written in one step',
    },
    { name: 'History of resources', description: 'Who changed what, when and why' },
    { name: 'Approvals', description: 'Releases that wait for somebody to decide' },
    { name: 'Remediations', description: 'Steps that are under way against a problem' },
  ],
};
