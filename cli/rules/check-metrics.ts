import type { RuleDocument } from '../../diagnosis/index.ts'
import {
  type MetricInventory,
  type UnknownMetric,
  unknownMetrics,
} from '../../diagnosis/symbols.ts'
import type { UnlocatedFault } from '../../judge/index.ts'
import { nearestWord } from '../terminal/nearest-word.ts'

/**
 * Metrics that rules name but no known component has: a typo, or a metric that was removed. Families that the inventory
 * does not cover are skipped, unless `isForeignChecked`.
 */
export function metricFaults(
  documents: readonly RuleDocument[],
  inventory: MetricInventory,
  { isForeignChecked = false } = {},
): readonly UnlocatedFault[] {
  return documents.flatMap(({ file, document }) =>
    unknownMetrics(document, inventory, { isForeignChecked }).map((unknown) => ({
      file,
      path: unknown.path,
      part: unknown.name,
      message: messageOf(unknown, inventory),
    })),
  )
}

function messageOf({ name, kind }: UnknownMetric, inventory: MetricInventory): string {
  if (kind !== null) return `"${name}" is a ${kind}`
  const near = nearestWord(name, [...inventory.keys()])
  const hint = near === null ? '' : `; did you mean ${near}?`
  return `no known component has the metric "${name}"${hint}`
}
