/** When what a row shows came to kubeprof, and when it was taken. */
export interface RowTimes {
  readonly cameAt: string
  /** `null` where it does not say. */
  readonly takenAt: string | null
}

/** What a list is ordered by: by when its rows came, or, of a range of time, by when they were taken. */
export type RowOrder = 'came' | 'taken'

/** In a list of the API with these filters. */
export function orderOf({ from, to }: Readonly<Record<string, string>>): RowOrder {
  return from === undefined && to === undefined ? 'came' : 'taken'
}

/** Shorter than this it is the time that taking and sending need. */
const APART_MS = 60_000

/**
 * The time that a list is ordered by, so that its rows are seen to be in order, and the other one where they are apart. What is
 * asked for comes before it is taken.
 */
export function shownTimes(
  { cameAt, takenAt }: RowTimes,
  order: RowOrder,
): { readonly time: string; readonly takenAt: string | null; readonly cameAt: string | null } {
  const laterMs = takenAt === null ? 0 : Date.parse(cameAt) - Date.parse(takenAt)
  if (order === 'taken') {
    return { time: takenAt ?? cameAt, takenAt: null, cameAt: laterMs > APART_MS ? cameAt : null }
  }
  const isApart = Math.abs(laterMs) > APART_MS
  return { time: cameAt, takenAt: isApart ? takenAt : null, cameAt: null }
}
