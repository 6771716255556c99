import { type Metrics, type MetricsWindow, nameBefore137 } from '../../judge/facts/metrics.ts'
import type { MetricText } from '../../rule/rule.ts'
import { ENTRIES_SHOWN_MAX, entriesOf } from '../evidence/metric-evidence.ts'

/** What a query asks for: each series of a metric, or their sums by some labels. */
interface Asked {
  readonly kind: 'gauge' | 'counter' | 'average'
  readonly name: string
  readonly isSum: boolean
  readonly by: readonly string[]
  /** `verb="LIST"`, `code="409"`. */
  readonly matchers: readonly string[]
}

const SERIES =
  /^(?:topk\(\d+, )?(?:(?<sum>sum)(?: by \((?<by>[\w, ]+)\))? ?\()?(?<rate>rate\()?(?<name>\w+)(?:\{(?<where>.*)\})?(?:\[\w+\])?\)*$/
/** That few of very many take longer, an average does not show; which of them are slow, it does. */
const AVERAGES = [
  /^histogram_quantile\([\d.]+, sum by \((?<by>[\w, ]+)\) \(rate\((?<name>\w+)_bucket(?:\{(?<where>.*)\})?\[\w+\]\)\)\)$/,
  /^sum by \((?<by>[\w, ]+)\) \(rate\((?<name>\w+)_sum\[\w+\]\)\) \/ sum by \(\k<by>\) \(rate\(\k<name>_count\[\w+\]\)\)$/,
]
/** Of the sum over all values of a label: what is shown of them says it all. */
const SHOWN_SHARE_MIN = 0.9
/** Of lists: which storage answered, as metrics of 1.37 say it. */
const OF_CACHE = 'storage="watchcache"'
const NOT_OF_CACHE = 'storage!="watchcache"'
/** Labels that another one, or the capture, decides: to know a resource is enough without its group. */
const COMPANIONS: ReadonlySet<string> = new Set(['group', 'priority_level', 'instance', 'le'])

/**
 * Whether the evidence holds all that this query asks for: the rate of a counter, a gauge or an average, by the same
 * label, where the values that are shown are nearly all. Of a counter that did not grow, that it did not.
 */
export function isTold(query: string, texts: readonly MetricText[], metrics: Metrics): boolean {
  const asked = averageIn(query) ?? query.split(' / ').map((part) => seriesIn(part))
  return asked.every(
    (one) =>
      one !== null && alternativesOf(one).every((each) => isSeriesTold(each, texts, metrics)),
  )
}

function averageIn(query: string): readonly Asked[] | null {
  const groups = AVERAGES.map((pattern) => pattern.exec(query)?.groups).find(
    (each) => each !== undefined,
  )
  return groups === undefined ? null : [askedOf('average', groups)]
}

function seriesIn(query: string): Asked | null {
  const groups = SERIES.exec(query)?.groups
  if (groups === undefined) return null
  return askedOf(groups['rate'] === undefined ? 'gauge' : 'counter', groups)
}

function askedOf(kind: Asked['kind'], groups: Readonly<Record<string, string | undefined>>): Asked {
  const labels = groups['by']?.split(', ') ?? []
  const matchers: readonly string[] = groups['where']?.match(/\w+(?:=|!=|=~|!~)"[^"]*"/g) ?? []
  const storage = matchers.includes(OF_CACHE) ? 'watchcache' : undefined
  return {
    kind,
    name: nameBefore137(groups['name'] ?? '', storage),
    isSum: kind === 'average' || groups['sum'] !== undefined,
    by: labels.filter((label) => labels.length === 1 || !COMPANIONS.has(label)),
    matchers: matchers.filter((each) => each !== OF_CACHE && each !== NOT_OF_CACHE),
  }
}

/** `verb=~"PUT|PATCH"`, by resource and verb, asks for each verb by resource. */
function alternativesOf(asked: Asked): readonly Asked[] {
  const choice = asked.matchers.map((each) => /^(\w+)=~"(\w+(?:\|\w+)+)"$/.exec(each))
  const match = choice.find((each) => each !== null)
  if (match === undefined || match === null) return [asked]
  const [matcher, label, values = ''] = match
  return values.split('|').map((value) => ({
    ...asked,
    by: asked.by.filter((each) => each !== label),
    matchers: asked.matchers.map((each) => (each === matcher ? `${label}="${value}"` : each)),
  }))
}

function isSeriesTold(asked: Asked, texts: readonly MetricText[], metrics: Metrics): boolean {
  const [window = null] = metrics.windows
  if (asked.kind !== 'gauge' && (window === null || window.seconds === null)) return false
  return texts.some((text) => isAnswer(text, asked) && isAllShown(text, asked, metrics, window))
}

/** Whether the evidence is of the same series, by the same label. */
function isAnswer({ kind, name, where, by, isTotal }: MetricText, asked: Asked): boolean {
  if (isTotal) return false
  // What a gauge grew by is its rate.
  if ((kind === 'change' ? 'counter' : kind) !== asked.kind || name !== asked.name) return false
  const own = [...where].map(([label, values]) =>
    values.split(' | ').map((value) => `${label}="${value}"`),
  )
  if (!own.every((values) => values.some((each) => asked.matchers.includes(each)))) return false
  const labels = by?.split(' | ') ?? []
  const isNarrower = asked.matchers.some(
    (each) =>
      !own.some((values) => values.length === 1 && values.includes(each)) &&
      !labels.includes(/^\w+/.exec(each)?.[0] ?? ''),
  )
  if (isNarrower) return false
  if (!asked.isSum && asked.kind === 'gauge') return true
  if (asked.by.length === 0) return by === null || pinsOneOf(labels, asked)
  return asked.by.length === 1 && labels.includes(asked.by[0] ?? '')
}

/** `name="a"` asks for one of the values that evidence by name shows. */
function pinsOneOf(labels: readonly string[], { matchers }: Asked): boolean {
  return labels.some((label) => matchers.some((each) => each.startsWith(`${label}="`)))
}

function isAllShown(
  text: MetricText,
  asked: Asked,
  metrics: Metrics,
  window: MetricsWindow | null,
): boolean {
  const entries = entriesOf(text, metrics, window)
  const series = metrics.current.get(text.name)
  if (asked.kind === 'gauge' && !asked.isSum && entries.length !== series?.length) return false
  const values = entries.map(({ value }) => value).filter((value) => value > 0)
  // The slowest are shown.
  if (asked.kind === 'average') return values.length > 0
  if (values.length === 0) return asked.kind === 'counter' && series !== undefined
  const shown = values.sort((a, b) => b - a).slice(0, ENTRIES_SHOWN_MAX)
  return addUp(shown) >= SHOWN_SHARE_MIN * addUp(values)
}

function addUp(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
