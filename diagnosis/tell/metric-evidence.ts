import { type Metrics, type SumsQuery, sumsBy } from '../judge/metrics.ts'
import type { Evidence, Language } from '../report.ts'
import type { MetricText } from '../rule/rule.ts'
import { formatCount, formatValue } from './format-quantity.ts'
import { PHRASES } from './phrases.ts'

const ENTRIES_SHOWN_MAX = 4

/** What the process's own metrics say of the same: rates where there are two pages, else counts since the start. */
export function metricEvidence(
  texts: readonly MetricText[],
  metrics: Metrics,
  language: Language,
): readonly Evidence[] {
  return texts.flatMap((text) => {
    const entries = entriesOf(text, metrics)
      .filter(({ value }) => value > 0)
      .sort((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1))
      .slice(0, ENTRIES_SHOWN_MAX)
    if (entries.length === 0) return []
    const list = entries.map(({ name, shown }) => `${name} ${shown}`.trim()).join(', ')
    const sinceStart = isRate(metrics) || text.kind === 'gauge' ? '' : PHRASES[language].sinceStart
    return [{ kind: 'metric', text: `${text.text[language]}: ${list}${sinceStart}` }]
  })
}

interface MetricEntry {
  readonly name: string
  readonly value: number
  readonly shown: string
}

function entriesOf({ kind, name, by, where }: MetricText, metrics: Metrics): MetricEntry[] {
  const query = { by, where }
  switch (kind) {
    case 'gauge':
      return [...sumsBy(metrics.current, { ...query, name })].map(([label, value]) => ({
        name: label,
        value,
        shown: formatCount(value),
      }))
    case 'counter':
      return [...growthOf({ ...query, name }, metrics)].map(([label, growth]) => {
        const { secondsBetween } = metrics
        const value = isRate(metrics) && secondsBetween !== null ? growth / secondsBetween : growth
        const shown = isRate(metrics) ? `${formatRate(value)}/s` : formatCount(value)
        return { name: label, value, shown }
      })
    case 'average': {
      const counts = growthOf({ ...query, name: `${name}_count` }, metrics)
      return [...growthOf({ ...query, name: `${name}_sum` }, metrics)].map(([label, sum]) => {
        const count = counts.get(label) ?? 0
        const value = count > 0 ? sum / count : 0
        return { name: label, value, shown: formatValue(value * 1e9, 'nanoseconds') }
      })
    }
  }
  return []
}

/** What a counter grew by between the two pages; all of it where there is one. */
function growthOf(query: SumsQuery, { current, previous }: Metrics): ReadonlyMap<string, number> {
  const now = sumsBy(current, query)
  if (previous === null) return now
  const before = sumsBy(previous, query)
  return new Map([...now].map(([label, value]) => [label, value - (before.get(label) ?? 0)]))
}

function isRate({ previous, secondsBetween }: Metrics): boolean {
  return previous !== null && secondsBetween !== null && secondsBetween > 0
}

function formatRate(rate: number): string {
  return rate >= 10 ? formatCount(rate) : rate.toFixed(1)
}
