import { growthSince, type Metrics, type MetricsWindow, sumsBy } from '../judge/facts/metrics.ts'
import type { Evidence, Language } from '../../api/index.ts'
import type { MetricText } from '../rule/rule.ts'
import { formatCount, formatValue } from '../../profile/index.ts'
import { PHRASES } from './phrases.ts'

const ENTRIES_SHOWN_MAX = 4

/**
 * What the process's own metrics say of the same: rates where there are pages of two times, else counts since the
 * start. A rate is that of the profile's own time before that of a longer one.
 */
export function metricEvidence(
  texts: readonly MetricText[],
  metrics: Metrics,
  language: Language,
): readonly Evidence[] {
  return texts.flatMap((text) => {
    const windows = text.kind === 'gauge' ? [] : metrics.windows
    const [first, ...longer] = windows
    const list = listOf(text, metrics, first ?? null)
    if (list === null) return []
    const suffix = text.kind === 'gauge' ? '' : suffixOf(first, language)
    const others = longer.flatMap((window) => {
      const over = listOf(text, metrics, window)
      return over === null ? [] : PHRASES[language].sinceEarlier(over)
    })
    return [{ kind: 'metric', text: `${text.text[language]}: ${list}${suffix}${others.join('')}` }]
  })
}

const QUERY =
  /^(?:topk\(\d+, )?(?:(sum)(?: by \(([\w, ]+)\))? ?\()?(rate\()?(\w+)(?:\{(.*)\})?(?:\[\w+\])?\)*$/
/** Of the sum over all values of a label: what is shown of them says it all. */
const SHOWN_SHARE_MIN = 0.9

/**
 * Whether the evidence holds all that this query asks for: the rate of a counter or a gauge, by the same label, where the
 * values that are shown are nearly all.
 */
export function isTold(query: string, texts: readonly MetricText[], metrics: Metrics): boolean {
  const [window = null] = metrics.windows
  const match = QUERY.exec(query)
  if (match === null) return false
  const [, sum, labels = '', rate, name, matchers = ''] = match
  const kind = rate === undefined ? 'gauge' : 'counter'
  if (kind === 'counter' && (window === null || window.seconds === null)) return false
  return texts.some((text) => {
    if (text.kind !== kind || text.name !== name) return false
    if ([...text.where.values()].some((value) => !matchers.includes(`"${value}"`))) return false
    const entries = entriesOf(text, metrics, window)
    const isBySame =
      sum === undefined && kind === 'gauge'
        ? entries.length === metrics.current.get(name)?.length
        : isAsked(text.by, labels)
    return isBySame && areMostShown(entries)
  })
}

/** Whether the evidence is by that label. A resource without its group is enough to know it. */
function isAsked(by: string | null, labels: string): boolean {
  return by === null ? labels === '' : by.split(' | ').includes(labels.replace(/^group, /, ''))
}

function areMostShown(entries: readonly MetricEntry[]): boolean {
  const values = entries.map(({ value }) => value).filter((value) => value > 0)
  const shown = values.sort((a, b) => b - a).slice(0, ENTRIES_SHOWN_MAX)
  return values.length > 0 && addUp(shown) >= SHOWN_SHARE_MIN * addUp(values)
}

function addUp(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function suffixOf(window: MetricsWindow | undefined, language: Language): string {
  const phrases = PHRASES[language]
  if (window === undefined) return phrases.sinceStart
  return window.seconds === null ? phrases.during[window.since] : ''
}

function listOf(text: MetricText, metrics: Metrics, window: MetricsWindow | null): string | null {
  const entries = entriesOf(text, metrics, window)
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1))
    .slice(0, ENTRIES_SHOWN_MAX)
  if (entries.length === 0) return null
  return entries.map(({ name, shown }) => `${name} ${shown}`.trim()).join(', ')
}

interface MetricEntry {
  readonly name: string
  readonly value: number
  readonly shown: string
}

function entriesOf(
  { kind, name, by, where }: MetricText,
  { current }: Metrics,
  window: MetricsWindow | null,
): MetricEntry[] {
  const query = { by, where }
  const growthOf = (counter: string) => growthSince({ ...query, name: counter }, current, window)
  switch (kind) {
    case 'gauge':
      return [...sumsBy(current, { ...query, name })].map(([label, value]) => ({
        name: label,
        value,
        shown: formatCount(value),
      }))
    case 'change':
    case 'counter': {
      if (kind === 'change' && window === null) return []
      const seconds = window?.seconds ?? null
      return [...growthOf(name)].map(([label, growth]) => {
        const value = seconds === null ? growth : growth / seconds
        const shown = seconds === null ? formatCount(value) : `${formatCount(value)}/s`
        return { name: label, value, shown }
      })
    }
    case 'average': {
      const counts = growthOf(`${name}_count`)
      return [...growthOf(`${name}_sum`)].map(([label, sum]) => {
        const count = counts.get(label) ?? 0
        const value = count > 0 ? sum / count : 0
        return { name: label, value, shown: formatValue(value * 1e9, 'nanoseconds') }
      })
    }
  }
  return []
}
