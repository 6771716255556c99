import { growthSince, type Metrics } from '../../judge/facts/metrics.ts'
import type { MetricText } from '../../rule/rule.ts'

/** Objects that lists read or look at, by `pods` or `plans.yard.example`. */
const OBJECTS = /^apiserver_storage_list_(?:fetched|evaluated)_objects_total$/
/** Of all that lists read: less is not what the finding is of. */
const SHARE_MIN = 0.9

/** The resource of nearly all objects that lists read meanwhile, as a rule's metrics count them. */
export function listedResource(texts: readonly MetricText[], metrics: Metrics): string | null {
  const text = texts.find(({ name, by }) => by === 'resource' && OBJECTS.test(name))
  if (text === undefined) return null
  const [window = null] = metrics.windows
  const read = [...growthSince(text, metrics.current, window)]
  const total = read.reduce((sum, [, count]) => sum + count, 0)
  const most = read.find(([, count]) => count > 0 && count >= SHARE_MIN * total)
  return most === undefined ? null : most[0].replace(/\..*/, '')
}
