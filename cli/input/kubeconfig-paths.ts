import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** The kubeconfig files that kubectl would read: the one that is given, else `$KUBECONFIG`, else `~/.kube/config`. */
export function kubeconfigPaths(
  given: string | null,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const home = env['HOME'] ?? homedir()
  if (given !== null && given !== '') return [given.replace(/^~(?=\/)/, home)]
  const usual = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '')
  return usual.length > 0 ? usual : [join(home, '.kube', 'config')]
}

/** The current context of the first file that has one, as the name of the cluster; null where no file has one. */
export async function currentContext(paths: readonly string[]): Promise<string | null> {
  const { parse } = await import('yaml')
  for (const path of paths) {
    try {
      const config: unknown = parse(readFileSync(path, 'utf8'))
      if (typeof config !== 'object' || config === null) continue
      const name: unknown = Reflect.get(config, 'current-context')
      if (typeof name === 'string' && name !== '') return name
    } catch {
      // The reader of its credentials reports what is wrong with it.
    }
  }
  return null
}
