// Runs before the first paint, so that a dark page never flashes white. Mantine reads the same key.
;(() => {
  let chosen = null
  try {
    chosen = localStorage.getItem('mantine-color-scheme-value')
  } catch {
    // Storage may be switched off; the system's scheme is used then.
  }
  const isDark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light')
})()

// The first use of the session's storage waits for the browser. The router would do so while it is evaluated; now the scripts
// are still on their way.
setTimeout(() => {
  try {
    sessionStorage.getItem('')
  } catch {
    // It may be switched off.
  }
})
