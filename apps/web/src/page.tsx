// In a layer, so that our own styles come after it wherever they are loaded.
import '@mantine/core/styles.layer.css';
import './parts/global.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { queries } from './session/service.js';
import { start } from './session/session.js';
import { speakAsSet } from './settings/settings.js';
import { cssVariables, theme } from './theme.js';

await speakAsSet();
void start();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
