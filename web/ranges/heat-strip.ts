import type { RangeOutliersReply } from '../../api/index.ts'

type FleetRow = RangeOutliersReply['rows'][number]

/** A cell of a heat strip. */
export interface HeatCell {
  /** 0 to 1 of the strip. */
  readonly left: number
  readonly width: number
  /** 0 to 1: of the largest value of all strips, so that rows compare. */
  readonly heat: number
}

/** The largest value of any step of any row. */
export function hottestOf(rows: readonly FleetRow[]): number {
  return rows.reduce(
    (most, { strip }) => strip.reduce((max, { value }) => Math.max(max, value), most),
    0,
  )
}

export interface HeatScale {
  readonly fromMs: number
  readonly toMs: number
  readonly stepMs: number
  readonly hottest: number
}

/** A cell for each step that has a profile, at its place in the time shown. The first step may begin before it. */
export function heatCells(
  { strip }: FleetRow,
  { fromMs, toMs, stepMs, hottest }: HeatScale,
): readonly HeatCell[] {
  const spanMs = toMs - fromMs
  return strip.flatMap(({ at, value }) => {
    const atMs = Date.parse(at)
    const [startMs, endMs] = [Math.max(atMs, fromMs), Math.min(atMs + stepMs, toMs)]
    if (endMs <= startMs) return []
    return {
      left: (startMs - fromMs) / spanMs,
      width: (endMs - startMs) / spanMs,
      heat: hottest <= 0 ? 0 : Math.max(0, value / hottest),
    }
  })
}
