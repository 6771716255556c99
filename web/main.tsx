import './app.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ServerError } from './requests/call-server.ts'
import { router } from './router.tsx'
import { TextsProvider } from './texts/TextsProvider.tsx'
import { theme } from './theme.ts'

const RETRIES_MAX = 2

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // An answer of the server stays the same when asked again; only a busy or unreachable one is asked again.
      retry: (failureCount, error) =>
        failureCount < RETRIES_MAX && !(error instanceof ServerError && error.status < 500),
      refetchOnWindowFocus: false,
    },
  },
})

const container = document.getElementById('root')
if (container === null) throw new Error('index.html has no #root')

createRoot(container).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={localStorageColorSchemeManager()}
    >
      <QueryClientProvider client={queryClient}>
        <TextsProvider>
          <RouterProvider router={router} />
        </TextsProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
