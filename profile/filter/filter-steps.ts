/**
 * The kinds of filters. The first seven are pprof's, under the short names of its URL parameters: focus, ignore, hide,
 * show, show_from, tagfocus, tagignore. `cr` collapses recursion, `cp` collapses packages; pprof has neither.
 */
export const FILTER_KINDS = ['f', 'i', 'h', 's', 'sf', 'tf', 'ti', 'cr', 'cp'] as const
export type FilterKind = (typeof FILTER_KINDS)[number]

/** One filter of a list. Filters apply one after the other, each to what those before it left. */
export interface FilterStep {
  readonly kind: FilterKind
  /** A regular expression (RE2); of a tag filter what pprof's tag filters are. */
  readonly pattern: string
  /** Kept in the list without being applied. */
  readonly isOff?: true
}

/** The kinds that pprof has, in the order in which pprof applies them. */
export const PPROF_FILTER_KINDS = ['f', 'i', 'h', 's', 'sf', 'tf', 'ti'] as const
export type PprofFilterKind = (typeof PPROF_FILTER_KINDS)[number]

export interface PprofFilterStep {
  readonly kind: PprofFilterKind
  readonly pattern: string
}

const OFF = '-'

/** One filter a line, `h ^runtime\.`; a line that begins with `-` is switched off. */
export function formatFilterSteps(steps: readonly FilterStep[]): string {
  return steps
    .map(({ kind, pattern, isOff }) => {
      return `${isOff === true ? OFF : ''}${kind} ${pattern.replaceAll('\n', String.raw`\x0a`)}`
    })
    .join('\n')
}

/** The inverse of `formatFilterSteps`. Leaves out lines that are not filters. */
export function parseFilterSteps(text: string): FilterStep[] {
  return text.split('\n').flatMap((line): FilterStep[] => {
    const isOff = line.startsWith(OFF)
    const [word = '', ...rest] = line.slice(isOff ? 1 : 0).split(' ')
    const kind = FILTER_KINDS.find((known) => known === word)
    const pattern = rest.join(' ')
    if (kind === undefined || pattern === '') return []
    return [isOff ? { kind, pattern, isOff } : { kind, pattern }]
  })
}

/**
 * Groups filters into runs that one call of pprof applies: at most one of a kind, in pprof's own order. Filters that
 * are switched off and kinds that pprof does not have are left out.
 */
export function pprofRuns(steps: readonly FilterStep[]): readonly (readonly PprofFilterStep[])[] {
  const runs: PprofFilterStep[][] = []
  let lastRank = Infinity
  for (const { kind: wanted, pattern, isOff } of steps) {
    const rank = PPROF_FILTER_KINDS.findIndex((known) => known === wanted)
    const kind = PPROF_FILTER_KINDS[rank]
    if (isOff === true || kind === undefined) continue
    if (rank <= lastRank) runs.push([])
    runs.at(-1)?.push({ kind, pattern })
    lastRank = rank
  }
  return runs
}
