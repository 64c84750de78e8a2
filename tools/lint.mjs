/** `npm run lint`: ESLint over the whole workspace, module boundaries included. */
import { run } from './prepare.mjs';

// The rule for module boundaries reads Nx' project graph from its cache, and says nothing when there is none.
run('nx', ['show', 'projects'], { quietly: true });
run('eslint', ['--max-warnings=0', '.']);
