/**
 * The programs that may show a page, the user's own choice first.
 * https://github.com/google/pprof/blob/main/internal/driver/commands.go (browsers)
 */
export function browserPrograms(env: Readonly<Record<string, string | undefined>>): string[] {
  const chosen = env['BROWSER'] ?? ''
  return [
    ...(chosen === '' ? [] : [chosen]),
    ...(process.platform === 'darwin' ? ['/usr/bin/open'] : []),
    'chrome',
    'google-chrome',
    'chromium',
    'firefox',
    'sensible-browser',
    'xdg-open',
  ]
}
