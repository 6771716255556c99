/** One series of a metric. */
export interface MetricSeries {
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
}

/** A /metrics page: the series of each metric by name. */
export type MetricsPage = ReadonlyMap<string, readonly MetricSeries[]>

/** What a process says of itself, once or more often. */
export interface Metrics {
  readonly current: MetricsPage
  /** From earlier pages to the current one, the shortest first. */
  readonly windows: readonly MetricsWindow[]
}

/** From an earlier page to the current one. */
export interface MetricsWindow {
  /** `capture`: since just before the CPU profile. `previous`: since an earlier capture of the same process. */
  readonly since: 'capture' | 'previous'
  readonly page: MetricsPage
  /** `null` when it is not known; then counts have no rate. */
  readonly seconds: number | null
}

export const NO_METRICS: Metrics = { current: new Map(), windows: [] }

const LINES_MAX = 1_000_000
/** A name, labels in braces that may hold anything in quotes, a value. */
const LINE = /^([a-zA-Z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?\s+(\S+)/
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g

/** https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
export function parseMetrics(text: string): MetricsPage {
  const page = new Map<string, MetricSeries[]>()
  for (const line of text.split('\n', LINES_MAX)) {
    // Buckets are most of a page, and nothing here reads them.
    if (line.startsWith('#') || line.includes('_bucket{')) continue
    const match = LINE.exec(line)
    if (match === null) continue
    const [, written, labelText = '', valueText] = match
    const value = Number(valueText)
    if (!Number.isFinite(value)) continue
    const labels = new Map(
      [...labelText.matchAll(LABEL)].map(([, key, label]) => [key, unescape(label)] as const),
    )
    const name = nameBefore137(written, labels.get('storage'))
    const series = page.get(name)
    if (series === undefined) page.set(name, [{ labels, value }])
    else series.push({ labels, value })
  }
  return page
}

const LISTS_1_37 = 'apiserver_storage_list_'

/**
 * Up to 1.36 lists out of the watch cache are `apiserver_cache_list_*`, and `apiserver_storage_list_*` are those from
 * etcd; since 1.37 both are the latter, with a label: https://github.com/kubernetes/apiserver/blob/v0.37.2/pkg/storage/metrics/metrics.go
 */
export function nameBefore137(name: string, storage: string | undefined): string {
  const isOfCache = name.startsWith(LISTS_1_37) && storage === 'watchcache'
  return isOfCache ? `apiserver_cache_list_${name.slice(LISTS_1_37.length)}` : name
}

function unescape(label: string): string {
  return label.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))
}

/** The sum over all series; `null` for a metric that is not there. */
export function sumOf(page: MetricsPage, name: string): number | null {
  const series = page.get(name)
  return series === undefined ? null : series.reduce((sum, { value }) => sum + value, 0)
}

/** The value of a label of the metric's first series: a version, mostly. */
export function labelOf(page: MetricsPage, name: string, label: string): string | null {
  return page.get(name)?.[0]?.labels.get(label) ?? null
}

export interface SumsQuery {
  readonly name: string
  /** Sums are by the values of this label, or of the first of several (`kind | resource`) that is there; else all in one. */
  readonly by: string | null
  /** Only series with these labels, or with one of several values (`a | b`). */
  readonly where: ReadonlyMap<string, string>
}

/** What a counter grew by over the window, by the values of a label; all of it without a window. */
export function growthSince(
  query: SumsQuery,
  current: MetricsPage,
  window: MetricsWindow | null,
): ReadonlyMap<string, number> {
  const now = sumsBy(current, query)
  if (window === null) return now
  const before = sumsBy(window.page, query)
  return new Map([...now].map(([label, value]) => [label, value - (before.get(label) ?? 0)]))
}

/** Keys that were taken from a queue of client-go are counted here. */
const TAKEN = 'workqueue_queue_duration_seconds_count'

/**
 * The queues that nothing was ever taken from: a controller that is switched off may leave its queue to fill. Empty
 * where a page does not count what is taken.
 */
function idleQueues(page: MetricsPage, latest: MetricsPage): ReadonlySet<string> {
  const taken = latest.get(TAKEN) ?? []
  if (taken.length === 0) return new Set()
  const used = new Set(
    taken.flatMap(({ labels, value }) => (value > 0 ? [labels.get('name')] : [])),
  )
  const names = (page.get('workqueue_depth') ?? []).flatMap(
    ({ labels }) => labels.get('name') ?? [],
  )
  return new Set(names.filter((name) => !used.has(name)))
}

/**
 * Sums of a metric by the values of a label. Of all queues together, those are left out that nothing was taken from up
 * to the `latest` page.
 */
export function sumsBy(
  page: MetricsPage,
  { name, by, where }: SumsQuery,
  latest: MetricsPage = page,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  const idle = name === 'workqueue_depth' && !where.has('name') ? idleQueues(page, latest) : null
  const names = by?.split(' | ') ?? []
  const wanted = [...where].map(([key, values]) => [key, values.split(' | ')] as const)
  for (const { labels, value } of page.get(name) ?? []) {
    if (!wanted.every(([key, values]) => values.includes(labels.get(key) ?? ''))) continue
    if (idle?.has(labels.get('name') ?? '') === true) continue
    const label = names.find((each) => labels.has(each)) ?? ''
    const key = labels.get(label) ?? ''
    sums.set(key, (sums.get(key) ?? 0) + value)
  }
  return sums
}
