import type { ProfileFilters } from '../filter/filter-profile.ts'
import { type FilterKind, parseFilterSteps, pprofRuns } from '../filter/filter-steps.ts'
import { sampleTypeRow } from '../origin/sample-kind.ts'
import { parseTagFilter } from '../filter/tag-filter.ts'
import type { Pattern, Profile } from '../types.ts'
import type { Granularity } from './frame-names.ts'
import type { ViewOptions } from './open-view.ts'
import type { TreeShape } from './reshape-tree.ts'

/**
 * What to look at, under the short names of the URL parameters of `pprof -http`, so that a query string of one works in
 * the other. https://github.com/google/pprof/blob/main/internal/driver/config.go
 */
export interface ViewQuery {
  /** sample_index: a name or a row. */
  readonly si?: string
  /** focus, ignore, hide, show, show_from, prune_from */
  readonly f?: string
  readonly i?: string
  readonly h?: string
  readonly s?: string
  readonly sf?: string
  readonly prunefrom?: string
  /** Further filters, one a line, applied after those above: `parseFilterSteps`. pprof has no such parameter. */
  readonly fs?: string
  /** tagfocus, tagignore, tagshow, taghide */
  readonly tf?: string
  readonly ti?: string
  readonly ts?: string
  /** The same as `ts`. */
  readonly st?: string
  readonly th?: string
  /** tagroot, tagleaf: keys of labels, with commas between them. */
  readonly tr?: string
  readonly tl?: string
  readonly g?: Granularity
  readonly noinlines?: 't' | 'f'
}

/** The profile has no such sample type. */
export class SampleTypeError extends Error {
  override readonly name = 'SampleTypeError'
}

/** Turns the query into options. Throws a `SampleTypeError`, and whatever `compile` throws for a bad pattern. */
export function readViewQuery(
  profile: Profile,
  query: ViewQuery,
  compile: (source: string) => Pattern,
): ViewOptions {
  return {
    sampleTypeIndex: findSampleType(profile, query.si ?? ''),
    granularity: query.g ?? 'functions',
    hasInlines: query.noinlines !== 't',
    filters: [readFilters(query, compile), ...readRuns(query, compile)],
    shape: readShape(query, compile),
    rootKeys: listed(query.tr),
    leafKeys: listed(query.tl),
  }
}

function listed(keys: string | undefined): readonly string[] {
  return keys ? keys.split(',') : []
}

function readRuns(query: ViewQuery, compile: (source: string) => Pattern): ProfileFilters[] {
  return pprofRuns(parseFilterSteps(query.fs ?? '')).map((run) =>
    readFilters(Object.fromEntries(run.map(({ kind, pattern }) => [kind, pattern])), compile),
  )
}

function readShape({ fs }: ViewQuery, compile: (source: string) => Pattern): TreeShape {
  const steps = parseFilterSteps(fs ?? '').filter(({ isOff }) => isOff !== true)
  const patternOf = (wanted: FilterKind) => {
    const patterns = steps.filter(({ kind }) => kind === wanted).map(({ pattern }) => pattern)
    return patterns.length === 0 ? null : compile(patterns.map((text) => `(?:${text})`).join('|'))
  }
  const recursive = patternOf('cr')
  const packages = patternOf('cp')
  return { ...(recursive && { recursive }), ...(packages && { packages }) }
}

/** As `sampleTypeRow`, and `space` is `inuse_space` too. Throws a `SampleTypeError`. */
export function findSampleType(profile: Profile, sampleIndex: string): number {
  const row = sampleTypeRow(profile, sampleIndex) ?? sampleTypeRow(profile, `inuse_${sampleIndex}`)
  if (row !== null) return row
  const types = profile.sampleTypes.map(({ type }) => type).join(', ')
  throw new SampleTypeError(
    `sample_index ${sampleIndex} is not a sample type of this profile: ${types}`,
  )
}

function readFilters(query: ViewQuery, compile: (source: string) => Pattern): ProfileFilters {
  const { f, i, h, s, sf, prunefrom, tf, ti, th, ts = query.st } = query
  return {
    ...(f ? { focus: compile(f) } : {}),
    ...(i ? { ignore: compile(i) } : {}),
    ...(h ? { hide: compile(h) } : {}),
    ...(s ? { show: compile(s) } : {}),
    ...(sf ? { showFrom: compile(sf) } : {}),
    ...(prunefrom ? { pruneFrom: compile(prunefrom) } : {}),
    ...(tf ? { tagFocus: parseTagFilter(tf, compile) } : {}),
    ...(ti ? { tagIgnore: parseTagFilter(ti, compile) } : {}),
    ...(ts ? { tagShow: compile(ts) } : {}),
    ...(th ? { tagHide: compile(th) } : {}),
  }
}
