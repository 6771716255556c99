import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { browserPrograms } from './browser-programs.ts'

/** Shows a page in the user's browser: with the first program that starts. Returns whether one did. */
export async function openBrowser(
  url: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  for (const name of browserPrograms(env)) {
    const browser = spawn(name, [url], { stdio: 'ignore', detached: true })
    const isStarted = await once(browser, 'spawn').then(
      () => true,
      () => false,
    )
    browser.unref()
    if (isStarted) return true
  }
  return false
}
