import { type Baseline, prepareInput, type RuleSet } from '../../diagnosis/index.ts'
import { judgeRule } from '../../diagnosis/index.ts'
import { addToBaseline, openBaseline, type PackedBaseline } from '../../judge/index.ts'
import { measuredLevels } from '../../diagnosis/index.ts'
import type { Profile } from '../../profile/index.ts'

export interface TakenProfile {
  readonly profile: Profile
  readonly atMs: number
  readonly uptimeSeconds?: number
  readonly version?: string
}

/** What a capture says of a regression. */
export interface FoundRegression {
  readonly name: string
  readonly level: string
  readonly usual: number
  readonly cores: number
  readonly sinceMs: number
  readonly latestSinceMs?: number
  readonly version: string | null
}

/** A process whose CPU profiles are judged in order, each with what is known by then, as the store keeps it. */
export function followProcess(ruleSet: RuleSet) {
  const rule = ruleSet.rules.find(({ id }) => id === 'x.regression')
  if (rule === undefined) throw new Error('there is no rule x.regression')
  let captures: PackedBaseline['captures'] = []
  const hours = new Map<number, PackedBaseline['hours'][number]>()
  let open: readonly Followed[] = []
  let count = 0
  return {
    judge({ profile, atMs, uptimeSeconds, version }: TakenProfile): readonly FoundRegression[] {
      const packed = { atMs, captures, hours: [...hours.values()], open }
      const input = {
        path: 'cpu',
        profile,
        baseline: openBaseline(packed),
        uptimeSeconds: uptimeSeconds ?? null,
        kubernetesVersion: version ?? null,
      }
      const prepared = prepareInput(input, 0, ruleSet)
      const verdicts = judgeRule(rule, prepared.subject).filter(({ level }) => level !== 'info')
      const added = addToBaseline(packed, measuredLevels({ prepared: [prepared] }))
      const folded = new Set(added.hours.flatMap(({ captureIds }) => captureIds))
      for (const hour of added.hours) hours.set(hour.atMs, hour)
      captures = captures.filter(({ id }) => !folded.has(id))
      const { levels } = added
      if (levels !== null) {
        captures = [...captures, { id: String(count++), atMs, version: added.version, levels }]
      }
      const found = verdicts.flatMap(({ group, level, measures, main, usual }) => {
        if (group === null || usual === undefined) return []
        const { cores: before, ...rest } = usual
        const cores = measures.get(main)?.cores ?? 0
        return [{ name: group, level, usual: before, cores, ...rest }]
      })
      open = followed(open, found, atMs)
      return found
    },
  }
}

type Found = FoundRegression & { readonly noise: number }
type Followed = Baseline['open'][number] & { readonly missedCount: number }

const OVER_MS_MAX = 24 * 3600 * 1000

/** What is open after a capture: two in a row that do not show it end a regression, and for a day it may return. */
function followed(
  open: readonly Followed[],
  found: readonly Found[],
  atMs: number,
): readonly Followed[] {
  const names = new Set(found.map(({ name }) => name))
  const shown = found.map(({ usual: cores, ...rest }) => {
    return { ...rest, cores, missedCount: 0, endedAtMs: null }
  })
  const missed = open
    .filter(({ name }) => !names.has(name))
    .map((one) => {
      const missedCount = one.missedCount + 1
      const ends = one.endedAtMs === null && missedCount === 2
      return { ...one, missedCount, endedAtMs: ends ? atMs : one.endedAtMs }
    })
  return [
    ...shown,
    ...missed.filter(({ endedAtMs }) => endedAtMs === null || endedAtMs > atMs - OVER_MS_MAX),
  ]
}
