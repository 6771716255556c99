import { type DocumentPath, isMapping } from '../rule/document-reader.ts'
import { parseVersionRange, rangesMeet } from '../rule/version-range.ts'
import { plainQuery } from '../render/advice/fill-next.ts'

export type MetricKind = 'counter' | 'gauge' | 'histogram' | 'summary'

/** The metrics that components are known to have. `rules/inventory/README.md` has the format. */
export type MetricInventory = ReadonlyMap<string, KnownMetric>

export interface KnownMetric {
  readonly kind: MetricKind
  /** The releases of Kubernetes that declare it, as `1.23-1.37`; `null` where all do, or it is not of Kubernetes. */
  readonly releases: string | null
}

/** A metric that a rule names and nothing is known to have, or that is of another kind than the rule says. */
export interface UnknownMetric {
  readonly path: DocumentPath
  readonly name: string
  /** What it is, where it is known. */
  readonly kind: MetricKind | null
}

const HEADER = 'kubeprof metrics 1'
const KINDS: readonly MetricKind[] = ['counter', 'gauge', 'histogram', 'summary']

/** Reads the text of `rules/inventory/metrics.txt.gz`. Throws for another format. */
export function parseMetricInventory(text: string): MetricInventory {
  const [header, ...lines] = text.split('\n')
  if (header !== HEADER) throw new Error(`the metrics do not begin with "${HEADER}"`)
  const metrics = new Map<string, KnownMetric>()
  for (const line of lines) {
    const [name, word, releases = null] = line.split(' ')
    const kind = KINDS.find((kind) => kind === word)
    if (kind !== undefined) metrics.set(name, { kind, releases })
  }
  return metrics
}

export interface UnknownMetricsOptions {
  /** Also reports metrics of families that the inventory does not know: those of other programs. */
  readonly isForeignChecked: boolean
}

/** What a rule's document names in queries, metrics and conditions and no known component has. */
export function unknownMetrics(
  document: unknown,
  inventory: MetricInventory,
  { isForeignChecked }: UnknownMetricsOptions,
): readonly UnknownMetric[] {
  const families = new Set([...inventory.keys()].map(familyOf))
  return namedMetrics(document).flatMap(({ path, name, kinds }) => {
    const kind = kindOf(name, inventory)
    if (kind !== null && (kinds === null || kinds.includes(kind))) return []
    if (kind === null && !isForeignChecked && !families.has(familyOf(name))) return []
    return [{ path, name, kind }]
  })
}

interface NamedMetric {
  readonly path: DocumentPath
  readonly name: string
  /** Kinds that it may be; `null` for any. */
  readonly kinds: readonly MetricKind[] | null
}

const KINDS_OF_KEY: Readonly<Record<string, readonly MetricKind[]>> = {
  counter: ['counter', 'histogram', 'summary'],
  gauge: ['gauge'],
  change: ['gauge'],
  average: ['histogram', 'summary'],
}

function namedMetrics(document: unknown): readonly NamedMetric[] {
  if (!isMapping(document)) return []
  const { metrics, next, levels } = document
  const own = new Set(entriesOf(metrics).map(([, item]) => (isMapping(item) ? item['as'] : null)))
  return [
    ...entriesOf(metrics).flatMap(([row, item]) =>
      Object.entries(KINDS_OF_KEY).flatMap(([key, kinds]) => {
        const name = isMapping(item) ? item[key] : undefined
        return typeof name === 'string' ? [{ path: ['metrics', row, key], name, kinds }] : []
      }),
    ),
    ...entriesOf(next).flatMap(([row, item]) => {
      const query = isMapping(item) ? item['metric'] : undefined
      const names = typeof query === 'string' ? metricsIn(query) : []
      return names.map((name) => ({ path: ['next', row, 'metric'], name, kinds: null }))
    }),
    ...Object.entries(isMapping(levels) ? levels : {}).flatMap(([level, condition]) =>
      [...String(condition).matchAll(/\bmetrics\.(\w+)/g)]
        .filter(([, name]) => !own.has(name))
        .map(([, name]) => ({ path: ['levels', level], name, kinds: null })),
    ),
  ]
}

function entriesOf(value: unknown): readonly (readonly [number, unknown])[] {
  return Array.isArray(value) ? value.map((item: unknown, row) => [row, item] as const) : []
}

/** The names in a PromQL query: no functions, which hold no `_` but for one, and no labels. */
function metricsIn(query: string): readonly string[] {
  const bare = plainQuery(query)
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/\b(?:by|without|on|ignoring)\s*\([^)]*\)/g, '')
  const words = bare.match(/[a-zA-Z_:][\w:]*/g) ?? []
  return words.filter((word) => word.includes('_') && !FUNCTIONS.test(word))
}

const FUNCTIONS =
  /^(?:histogram|label|avg|min|max|sum|count|quantile|stddev|last|present|absent)_\w+$/

function kindOf(name: string, inventory: MetricInventory): MetricKind | null {
  return knownMetric(name, inventory)?.kind ?? null
}

/** A histogram's series are named after it. */
function knownMetric(name: string, inventory: MetricInventory): KnownMetric | null {
  const metric = inventory.get(name)
  if (metric !== undefined) return metric
  const base = inventory.get(name.replace(/_(?:bucket|sum|count)$/, ''))
  return base?.kind === 'histogram' || base?.kind === 'summary' ? base : null
}

/** The metrics that a text names and that a release of Kubernetes, as `1.22`, does not have. */
export function metricsMissingIn(
  minor: string,
  text: string,
  inventory: MetricInventory,
): readonly string[] {
  const release = parseVersionRange(minor)
  return metricsIn(text).filter((name) => {
    const { releases = null } = knownMetric(name, inventory) ?? {}
    const range = releases === null ? null : parseVersionRange(releases)
    return range !== null && release !== null && !rangesMeet(range, release)
  })
}

function familyOf(name: string): string {
  const end = name.indexOf('_')
  return end === -1 ? name : name.slice(0, end)
}
