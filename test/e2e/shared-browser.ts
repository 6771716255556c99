import { type Browser, chromium } from 'playwright-core'
import { find } from '../requirements.ts'

declare global {
  var browserOfTests: Promise<Browser> | undefined
}

/** One for all test files of a process. It ends with the process, as it reads its pipe. */
export function sharedBrowser(): Promise<Browser> {
  globalThis.browserOfTests ??= launch()
  return globalThis.browserOfTests
}

/** Chromium's build without a screen starts in a third of the processor time. */
async function launch(): Promise<Browser> {
  const executablePath = find('chromium-headless-shell') ?? find('chromium')
  if (executablePath === null) throw new Error('chromium is missing')
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}
