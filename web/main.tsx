import './react-first.ts'
import './app.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { notifyManager, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { setNonce } from 'get-nonce'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { askAgainAfterMs, isAskedAgain } from './requests/ask-again.ts'
import { ServerError } from './requests/call-server.ts'
import { SESSION_KEY } from './requests/session-queries.ts'
import { reloadAfterDeploy } from './reload-after-deploy.ts'
import { openRouter } from './router.tsx'
import { TextsProvider } from './texts/TextsProvider.tsx'
import { theme } from './theme.ts'
import { keepEarlyFiles } from './uploads/early-files.ts'

const queryClient = new QueryClient({
  queryCache: new QueryCache({
    // The token was removed from the settings, or its cookie expired: load the session again, which
    // shows the sign-in.
    onError: (error) => {
      if (error instanceof ServerError && error.status === 401) {
        void queryClient.invalidateQueries({ queryKey: SESSION_KEY })
      }
    },
  }),
  defaultOptions: {
    queries: {
      retry: isAskedAgain,
      retryDelay: askAgainAfterMs,
      refetchOnWindowFocus: false,
    },
  },
})

// A reply is rendered at once, and not after the next timer.
notifyManager.setScheduler(queueMicrotask)
reloadAfterDeploy()
keepEarlyFiles()

// Evaluating the modules was one task; the next one starts the page.
setTimeout(() => start(document.getElementById('root')))

/** What the server's policy asks of the page's own style elements. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.nonce ?? ''
}

function start(container: HTMLElement | null): void {
  if (container === null) throw new Error('index.html has no #root')
  const nonce = styleNonce()
  // For what Mantine's dialogs use to keep the page behind them from scrolling.
  setNonce(nonce)
  createRoot(container).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        getStyleNonce={() => nonce}
        defaultColorScheme="auto"
        colorSchemeManager={localStorageColorSchemeManager()}
      >
        <QueryClientProvider client={queryClient}>
          <TextsProvider>
            <RouterProvider router={openRouter()} />
          </TextsProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
