import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openLiveEvents } from './api/live-events.ts';
import { LiveEventsProvider } from './api/live-state.tsx';
import { createQueries } from './api/queries.ts';
import { refetchOnEvents } from './api/refetch-on-events.ts';
import { App } from './app/app.tsx';
import { applyTheme } from './app/theme.ts';
import './ui/tokens.css';
import './ui/base.css';

applyTheme();
const events = openLiveEvents();
const queries = createQueries();
refetchOnEvents(queries, events);

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <LiveEventsProvider events={events}>
        <App />
      </LiveEventsProvider>
    </QueryClientProvider>
  </StrictMode>,
);
