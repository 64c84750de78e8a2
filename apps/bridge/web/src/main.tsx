import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/queries';
import { openSession } from './api/session';
import { noticeWindowFocus } from './api/window-focus';
import { applyScheme, storedScheme } from './app/color-scheme';
import { router } from './app/routes';
import './ui/tokens.css';
import './ui/base.css';

// Everything else waits for it; that nobody answers is shown where it is asked for again.
openSession().catch(() => undefined);
noticeWindowFocus();
applyScheme(storedScheme());
const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
}
