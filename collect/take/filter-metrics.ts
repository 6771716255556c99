/** Longer lines do not occur in real metrics pages. */
const LINE_LENGTH_MAX = 64 * 1024
const NAME = /^(?:# (?:TYPE|HELP) )?([a-zA-Z_:][\w:]*)/
const SUFFIX = /_(?:bucket|sum|count)$/

/** What a page says about the process itself. */
export interface MetricsFacts {
  kubernetesVersion: string | null
  goVersion: string | null
}

/**
 * The lines of a page of metrics whose names are in `names`. Writes the facts that it finds to `facts`.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export async function* filterMetrics(
  page: AsyncIterable<Uint8Array>,
  names: ReadonlySet<string>,
  facts: MetricsFacts,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of page) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LINE_LENGTH_MAX) rest = rest.slice(0, LINE_LENGTH_MAX)
    const kept = keepLines(lines, names, facts)
    if (kept !== '') yield Buffer.from(kept)
  }
  const last = keepLines([rest + decoder.decode()], names, facts)
  if (last !== '') yield Buffer.from(last)
}

function keepLines(
  lines: readonly string[],
  names: ReadonlySet<string>,
  facts: MetricsFacts,
): string {
  let kept = ''
  for (const line of lines) {
    const name = NAME.exec(line)?.[1] ?? ''
    if (!names.has(name) && !names.has(name.replace(SUFFIX, ''))) continue
    if (line.startsWith('# HELP')) continue
    kept += `${line}\n`
    if (!line.startsWith('#')) noteFacts(name, line, facts)
  }
  return kept
}

function noteFacts(name: string, line: string, facts: MetricsFacts): void {
  if (name === 'go_info') facts.goVersion ??= labelIn(line, 'version')
  if (name !== 'kubernetes_build_info') return
  facts.kubernetesVersion ??= labelIn(line, 'git_version')
  facts.goVersion ??= labelIn(line, 'go_version')
}

function labelIn(line: string, label: string): string | null {
  const [, value = null] = new RegExp(`[{,]${label}="([\\w.+-]{1,100})"`).exec(line) ?? []
  return value
}
