// Loaded into a kubeprof process with `--import`: its sources are changed as KUBEPROF_TEST_MUTANT says.
import { registerHooks } from 'node:module'
import type { SourceChange } from './mutants.ts'

const changes: readonly SourceChange[] = JSON.parse(process.env['KUBEPROF_TEST_MUTANT'] ?? '[]')

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    const own = changes.filter(({ file }) => url.endsWith(`/${file}`))
    if (own.length === 0) return loaded
    const { source: bytes = '' } = loaded
    const text = typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes ?? undefined)
    const source = own.reduce(changed, text)
    return { ...loaded, source }
  },
})

function changed(source: string, { file, from, to }: SourceChange): string {
  if (!source.includes(from)) throw new Error(`${file} has no "${from}" any more`)
  return source.replace(from, () => to)
}
