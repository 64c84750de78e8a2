import { createProject, deleteProject } from './project';

/** The routes of api-service: the public verbs (contract 3). */
export const api = { createProject, deleteProject };
