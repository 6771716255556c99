import { growthSince, type Metrics, type MetricsWindow, sumsBy } from '../../judge/facts/metrics.ts'
import type { Evidence, Language } from '../../../api/index.ts'
import type { MetricText } from '../../rule/rule.ts'
import { formatCount, formatValue } from '../../../profile/index.ts'
import { PHRASES } from '../phrases.ts'

/** An average below this share of the largest says nothing beside it: a free worker takes a key at once. */
const AVERAGE_SHARE_MIN = 0.01

/** The largest are shown. */
export const ENTRIES_SHOWN_MAX = 4
/** Of Pods, ConfigMaps and the like: its name is empty. */
const CORE_GROUP = 'core'

/**
 * What the process's own metrics say of the same: rates where there are pages of two times, else counts since the
 * start. A rate is that of the profile's own time before that of a longer one.
 */
export function metricEvidence(
  texts: readonly MetricText[],
  metrics: Metrics,
  language: Language,
): readonly Evidence[] {
  /** By label: of what gauges have been shown, a further one is shown first. */
  const shown = new Map<string, ReadonlySet<string>>()
  const lines = texts.flatMap((text) => {
    if (text.kind === 'gauge') {
      const entries = gaugeEntriesOf(text, metrics, shown.get(text.by ?? '') ?? new Set())
      if (entries.length === 0) return []
      if (text.by !== null) shown.set(text.by, new Set(entries.map(({ name }) => name)))
      return [`${text.text[language]}: ${gaugeList(entries, language)}`]
    }
    const [first, ...longer] = text.isTotal ? [] : metrics.windows
    const list = listOf(text, metrics, first ?? null)
    if (list === null) return []
    const suffix = suffixOf(first, language)
    const others = longer.flatMap((window) => {
      const over = listOf(text, metrics, window)
      return over === null ? [] : PHRASES[language].sinceEarlier(over)
    })
    return [`${text.text[language]}: ${list}${suffix}${others.join('')}`]
  })
  // A release may count the same by an old and a new name.
  return [...new Set(lines)].map((text) => ({ kind: 'metric', text }))
}

interface GaugeEntry {
  readonly name: string
  readonly value: number
  readonly earlier: number
}

/** The largest, those with a preferred name before all others. */
function gaugeEntriesOf(
  { name, by, where }: MetricText,
  metrics: Metrics,
  preferred: ReadonlySet<string>,
): readonly GaugeEntry[] {
  const [window] = metrics.windows.filter(({ since }) => since === 'capture')
  const query = { name, by, where }
  const now = sumsBy(metrics.current, query)
  const before: ReadonlyMap<string, number> =
    window === undefined ? new Map<string, number>() : sumsBy(window.page, query, metrics.current)
  const rank = (entry: GaugeEntry) => (preferred.has(entry.name) ? 0 : 1)
  return [...new Set([...now.keys(), ...before.keys()])]
    .map((name) => {
      const value = now.get(name) ?? 0
      return { name, value, earlier: before.get(name) ?? (window === undefined ? value : 0) }
    })
    .filter(({ value, earlier }) => Math.max(value, earlier) > 0)
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        b.value - a.value ||
        b.earlier - a.earlier ||
        (a.name < b.name ? -1 : 1),
    )
    .slice(0, ENTRIES_SHOWN_MAX)
}

/** Gauges as they are, with what they were before the capture where that differs by a twentieth. */
function gaugeList(entries: readonly GaugeEntry[], language: Language): string {
  return entries
    .map(({ name, value, earlier }) => {
      const isOther = Math.abs(value - earlier) > 0.05 * Math.max(value, earlier)
      const was = isOther ? PHRASES[language].wasBefore(formatCount(earlier)) : ''
      return `${name} ${formatCount(value)}${was}`.trim()
    })
    .join(', ')
}

function suffixOf(window: MetricsWindow | undefined, language: Language): string {
  const phrases = PHRASES[language]
  if (window === undefined) return phrases.sinceStart
  return window.seconds === null ? phrases.during[window.since] : ''
}

function listOf(text: MetricText, metrics: Metrics, window: MetricsWindow | null): string | null {
  const sorted = entriesOf(text, metrics, window)
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1))
  const least = text.kind === 'average' ? AVERAGE_SHARE_MIN * (sorted[0]?.value ?? 0) : 0
  const entries = sorted.filter(({ value }) => value >= least).slice(0, ENTRIES_SHOWN_MAX)
  if (entries.length === 0) return null
  const nameOf = ({ name }: MetricEntry) => (name === '' && text.by === 'group' ? CORE_GROUP : name)
  return entries.map((entry) => `${nameOf(entry)} ${entry.shown}`.trim()).join(', ')
}

interface MetricEntry {
  readonly name: string
  readonly value: number
  readonly shown: string
}

/** What a metric says, by the values of its label. */
export function entriesOf(
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
