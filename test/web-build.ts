import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Builds the web app unless it is built from the sources as they are now; returns its folder. */
export async function prepareWebBuild(): Promise<string> {
  await promisify(execFile)(process.execPath, [join(root, 'bin', 'setup.mjs')])
  return join(root, 'build', 'web')
}
