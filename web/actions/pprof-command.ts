import { type PprofFilterKind, pprofRuns } from '../../profile/index.ts'
import type { ViewState } from '../view-state/view-state.ts'

const FLAGS: Readonly<Record<PprofFilterKind, string>> = {
  f: 'focus',
  i: 'ignore',
  h: 'hide',
  s: 'show',
  sf: 'show_from',
  tf: 'tagfocus',
  ti: 'tagignore',
}

/**
 * The commands of `go tool pprof` that show the same part of the profile. Filters of one kind, or in another order than
 * pprof's, take several commands, each reading what the one before it wrote.
 */
export function pprofCommand(state: ViewState, profileUrl: string): string {
  const runs = pprofRuns(state.filters).map((run) =>
    run.map(({ kind, pattern }) => flag(FLAGS[kind], pattern)),
  )
  const last = runs.at(-1) ?? []
  const earlier = runs.slice(0, -1).map((flags, step) => {
    const input = step === 0 ? quote(profileUrl) : stepFile(step)
    return command(['-proto', `-output=${stepFile(step + 1)}`, ...flags, input])
  })
  const input = earlier.length === 0 ? quote(profileUrl) : stepFile(earlier.length)
  const sampleIndex = state.sampleType === '' ? [] : [flag('sample_index', state.sampleType)]
  return [...earlier, command([reportOf(state), ...sampleIndex, ...last, input])].join(' && ')
}

function command(args: readonly string[]): string {
  return ['go tool pprof', ...args].join(' ')
}

function stepFile(step: number): string {
  return `step${step}.pb.gz`
}

function reportOf({ view, selected, sort }: ViewState): string {
  if (view === 'top') return sort === 'cum' ? '-top -cum' : '-top'
  if (view === 'peek' && selected !== '') return flag('peek', selected)
  if (view === 'tree') return '-tree'
  if (view === 'raw') return '-raw'
  return view === 'tags' ? '-tags' : '-http=:'
}

function flag(name: string, value: string): string {
  return `-${name}=${quote(value)}`
}

/** For a POSIX shell. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
