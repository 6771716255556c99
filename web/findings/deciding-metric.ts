import type { Finding } from '../../api/index.ts'

/** What the metrics say, where they decided: the evidence that decided comes first. Null where the profile did. */
export function decidingMetric({ evidence: [first] }: Finding): string | null {
  return first?.kind === 'metric' ? first.text : null
}
