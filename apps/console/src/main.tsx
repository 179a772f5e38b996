// First, because schemas are made while the others load.
import './schemas.js';
import '@mantine/core/styles.css';
import './console.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Console } from './console.js';
import { queries } from './service.js';
import { cssVariables, theme } from './theme.js';
import { openWords } from './words/words.js';

const colorScheme = localStorageColorSchemeManager({ key: 'chancery-console-scheme' });

await openWords();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorScheme}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queries}>
        <Console />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
