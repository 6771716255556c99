import { CommandError } from '../../terminal/command-error.ts'

/** What a flag takes. `list` flags may be repeated; of the others the last one counts. */
type FlagKind = 'switch' | 'whole' | 'decimal' | 'text' | 'list'

/** The reports that take no pattern: pprof's, including those that kubeprof does not make. */
const REPORTS = [
  'callgrind comments dot eog evince gif gv kcachegrind pdf png proto ps raw svg tags text top',
  'topproto traces tree web',
  'csv folded json speedscope',
].flatMap((names) => names.split(' '))
const SYMBOL_REPORTS = ['disasm', 'list', 'peek', 'weblist']
const GRANULARITIES = ['functions', 'filefunctions', 'files', 'lines', 'addresses']
const SORTS = ['flat', 'cum']

/** pprof's flags: https://github.com/google/pprof/blob/main/internal/driver/cli.go */
const KINDS: ReadonlyMap<string, FlagKind> = new Map<string, FlagKind>([
  ...kinds('switch', [...REPORTS, ...GRANULARITIES, ...SORTS]),
  ...kinds('switch', ['all_frames', 'call_tree', 'compact_labels', 'drop_negative']),
  ...kinds('switch', ['mean', 'noinlines', 'normalize', 'relative_percentages', 'showcolumns']),
  ...kinds('switch', ['trim', 'intel_syntax', 'no_browser', 'help', 'h', 'pprof-bugs']),
  ...kinds('switch', ['inuse_space', 'inuse_objects', 'alloc_space', 'alloc_objects']),
  ...kinds('switch', ['total_delay', 'contentions', 'mean_delay']),
  ...kinds('whole', ['nodecount', 'seconds', 'timeout']),
  ...kinds('decimal', ['divide_by', 'edgefraction', 'nodefraction']),
  ...kinds('text', [...SYMBOL_REPORTS, 'focus', 'ignore', 'hide', 'show', 'show_from']),
  ...kinds('text', ['prune_from', 'tagfocus', 'tagignore', 'taghide', 'tagshow']),
  ...kinds('text', ['tagleaf', 'tagroot', 'sample_index', 'unit', 'output', 'symbolize']),
  ...kinds('text', ['source_path', 'trim_path', 'add_comment', 'buildid', 'tools', 'http']),
  ...kinds('text', ['tls_cert', 'tls_key', 'tls_ca', 'kubeconfig', 'context']),
  ...kinds('list', ['base', 'diff_base', 'header']),
])

function kinds(kind: FlagKind, names: readonly string[]): [string, FlagKind][] {
  return names.map((name) => [name, kind])
}

export interface PprofFlags {
  readonly switches: ReadonlyMap<string, boolean>
  readonly numbers: ReadonlyMap<string, number>
  readonly texts: ReadonlyMap<string, string>
  readonly lists: ReadonlyMap<string, readonly string[]>
  /** The file of the profiled program, or null. */
  readonly binary: string | null
  readonly sources: readonly string[]
}

/**
 * Reads a command line as Go's flag package does: `-flag`, `--flag`, `-flag=value`, `-flag value`. Unlike there, flags
 * may also follow sources. Throws a CommandError that names the flag.
 */
export async function parsePprofFlags(args: readonly string[]): Promise<PprofFlags> {
  const flags = {
    switches: new Map<string, boolean>(),
    numbers: new Map<string, number>(),
    texts: new Map<string, string>(),
    lists: new Map<string, readonly string[]>(),
    binary: null,
    sources: [] as string[],
  }
  const rest = [...args]
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--') {
      flags.sources.push(...rest)
      break
    }
    const match = /^--?([^-=][^=]*)(?:=([\s\S]*))?$/.exec(arg)
    if (match === null) {
      if (arg.startsWith('-') && arg !== '-') throw new CommandError(`bad flag syntax: ${arg}`)
      flags.sources.push(arg)
      continue
    }
    const [, name = '', given] = match
    const kind = KINDS.get(name)
    if (kind === undefined) throw await unknownFlag(name)
    if (kind === 'switch') {
      flags.switches.set(name, readSwitch(name, given))
      continue
    }
    const value = given ?? rest.shift()
    if (value === undefined) throw new CommandError(`flag needs an argument: -${name}`)
    if (kind === 'text') flags.texts.set(name, value)
    else if (kind === 'list') flags.lists.set(name, [...(flags.lists.get(name) ?? []), value])
    else flags.numbers.set(name, readNumber(name, value, kind))
  }
  return flags
}

function readSwitch(name: string, value: string | undefined): boolean {
  if (value === undefined || /^(?:1|t|T|true|TRUE|True)$/.test(value)) return true
  if (/^(?:0|f|F|false|FALSE|False)$/.test(value)) return false
  throw new CommandError(`invalid boolean value ${JSON.stringify(value)} for flag -${name}`)
}

function readNumber(name: string, text: string, kind: 'whole' | 'decimal'): number {
  const value = Number(text)
  const isRead = text.trim() !== '' && (kind === 'whole' ? Number.isInteger(value) : !isNaN(value))
  if (isRead) return value
  throw new CommandError(`invalid value ${JSON.stringify(text)} for flag -${name}: no number`)
}

async function unknownFlag(name: string): Promise<CommandError> {
  const { nearestWord } = await import('../../terminal/nearest-word.ts')
  const meant = nearestWord(name, [...KINDS.keys()])
  const hint = meant === null ? '-help lists the flags' : `did you mean -${meant}?`
  return new CommandError(`flag provided but not defined: -${name}; ${hint}`)
}

export interface ReportChoice {
  readonly name: string
  /** The pattern of `-peek` and the like. */
  readonly symbol: string | null
}

/** The report that the flags select, or null. Throws a CommandError when there are several. */
export function reportChoice({ switches, texts }: PprofFlags): ReportChoice | null {
  const chosen: ReportChoice[] = []
  for (const name of REPORTS) {
    if (switches.get(name) === true) chosen.push({ name, symbol: null })
  }
  for (const name of SYMBOL_REPORTS) {
    const symbol = texts.get(name) ?? ''
    if (symbol !== '') chosen.push({ name, symbol })
  }
  if (chosen.length > 1) throw new CommandError('must set at most one output format')
  return chosen[0] ?? null
}

/** The one flag of a group that is set, or null. */
export function groupChoice<T extends string>(
  { switches }: PprofFlags,
  names: readonly T[],
): T | null {
  const chosen = names.filter((name) => switches.get(name) === true)
  if (chosen.length <= 1) return chosen[0] ?? null
  throw new CommandError(`conflicting options set: [${chosen.join(' ')}]`)
}
