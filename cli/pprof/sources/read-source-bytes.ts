import { readFileSync } from 'node:fs'
import type { CommandIo } from '../../terminal/command-io.ts'
import { readStdin } from '../../input/read-stdin.ts'
import type { FetchSource } from './fetch-source.ts'
import type { PprofFlags } from '../flags/pprof-flags.ts'

export interface SourceBytes {
  readonly source: string
  readonly bytes: Uint8Array
  /** Whether they were fetched from the network, and would be lost when this process ends. */
  readonly isFetched: boolean
}

/** Reads sources. Those that cannot be read are reported and left out. */
export type ReadSourceBytes = (sources: readonly string[]) => Promise<SourceBytes[]>

/** How many sources pprof fetches at a time. */
const PARALLEL_MAX = 128

/** Reads files, standard input and, where no such file exists, the network. */
export function sourceBytesReader(flags: PprofFlags, io: CommandIo): ReadSourceBytes {
  let fetcher: Promise<FetchSource> | null = null
  const fetchSource: FetchSource = async (source) =>
    await (
      await (fetcher ??= openFetcher(flags, io))
    )(source)
  return async (sources) => {
    const read: SourceBytes[] = []
    for (let start = 0; start < sources.length; start += PARALLEL_MAX) {
      const part = sources.slice(start, start + PARALLEL_MAX)
      const all = await Promise.all(part.map((source) => readSource(source, io, fetchSource)))
      for (const [index, result] of all.entries()) {
        const source = shownSource(part[index] ?? '')
        if (!('fault' in result)) read.push(result)
        else io.writeError(`kubeprof pprof: ${source}: ${result.fault}\n`)
      }
    }
    const [count, of] = [read.length, sources.length]
    if (count > 0 && count < of) io.writeError(`Fetched ${count} source profiles out of ${of}\n`)
    return read
  }
}

/** A profile in a file is printed before the network code would be loaded. */
async function openFetcher({ texts, numbers, lists }: PprofFlags, io: CommandIo) {
  const { sourceFetcher } = await import('./fetch-source.ts')
  return sourceFetcher({
    seconds: numbers.get('seconds') ?? null,
    timeoutSeconds: numbers.get('timeout') ?? null,
    tlsCa: texts.get('tls_ca') ?? null,
    tlsCert: texts.get('tls_cert') ?? null,
    tlsKey: texts.get('tls_key') ?? null,
    headers: lists.get('header') ?? [],
    kubeconfig: texts.get('kubeconfig') ?? null,
    context: texts.get('context') ?? null,
    env: io.env,
    isInteractive: io.terminal?.() !== undefined && io.terminal() !== null,
    print: (line) => io.writeError(`${line}\n`),
  })
}

type ReadSource = SourceBytes | { readonly fault: string }

async function readSource(
  source: string,
  io: CommandIo,
  fetchSource: FetchSource,
): Promise<ReadSource> {
  try {
    const bytes = source === '-' ? await readStdin(io) : readFileSync(source)
    return { source, bytes, isFetched: false }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const fetched = error.code === 'ENOENT' ? await fetchSource(source) : null
    if (fetched !== null) return { source, isFetched: true, ...fetched }
    if (error.code === 'EISDIR') {
      return { fault: 'is a folder; kubeprof diagnose reads folders of captures' }
    }
    const isPath = /^\/(?:debug|api|apis|metrics)\b/.test(source)
    const hint = '; for a path of a Kubernetes API server give -kubeconfig FILE'
    return { fault: error.message + (isPath ? hint : '') }
  }
}

/** Without the password that a URL may contain. */
function shownSource(source: string): string {
  return source.replace(/\/\/[^/@]*@/, '//')
}
