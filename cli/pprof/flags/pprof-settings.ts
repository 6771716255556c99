import {
  DEFAULT_REPORT_SETTINGS,
  parseTagFilter,
  type Pattern,
  type ProfileFilters,
  type ReportSettings,
} from '../../../profile/index.ts'
import { type CompilePattern, patternCompiler } from '../../terminal/compile-pattern.ts'
import { formatLocalTime } from '../reports/format-local-time.ts'
import { groupChoice, type PprofFlags, type ReportChoice } from './pprof-flags.ts'

/** pprof's name of each filter that a report's header lists, in its order. */
const ACTIVE_FILTERS = [
  'focus',
  'ignore',
  'hide',
  'show',
  'show_from',
  'tagfocus',
  'tagignore',
  'tagshow',
  'taghide',
]
/** Other ways to write `-sample_index`, in pprof's order. */
const SAMPLE_INDEX_FLAGS = [
  ['total_delay', 'delay'],
  ['mean_delay', 'delay'],
  ['contentions', 'contentions'],
  ['inuse_space', 'inuse_space'],
  ['inuse_objects', 'inuse_objects'],
  ['alloc_space', 'alloc_space'],
  ['alloc_objects', 'alloc_objects'],
] as const

/** The report settings in the flags. Throws a CommandError. */
export async function reportSettings(
  flags: PprofFlags,
  { symbol }: ReportChoice,
): Promise<ReportSettings> {
  const { texts, numbers } = flags
  const text = (name: string) => texts.get(name) ?? ''
  const isOn = (name: string) => flags.switches.get(name) === true
  const defaults = DEFAULT_REPORT_SETTINGS
  const compile = await patternCompiler([...filterSources(text), symbol ?? ''])
  const granularities = ['functions', 'filefunctions', 'files', 'lines', 'addresses'] as const
  const sampleIndexFlag = SAMPLE_INDEX_FLAGS.find(([name]) => isOn(name))
  return {
    granularity: groupChoice(flags, granularities) ?? '',
    noInlines: isOn('noinlines'),
    showColumns: isOn('showcolumns'),
    sort: groupChoice(flags, ['flat', 'cum']) ?? 'flat',
    sampleIndex: text('sample_index') || (sampleIndexFlag?.[1] ?? ''),
    mean: isOn('mean') || isOn('mean_delay'),
    unit: texts.get('unit') ?? defaults.unit,
    divideBy: numbers.get('divide_by') ?? defaults.divideBy,
    compactLabels: isOn('compact_labels'),
    dropNegative: isOn('drop_negative'),
    callTree: isOn('call_tree'),
    trim: flags.switches.get('trim') ?? defaults.trim,
    nodeCount: numbers.get('nodecount') ?? defaults.nodeCount,
    nodeFraction: numbers.get('nodefraction') ?? defaults.nodeFraction,
    edgeFraction: numbers.get('edgefraction') ?? defaults.edgeFraction,
    relativePercentages: isOn('relative_percentages'),
    filters: profileFilters(text, compile),
    activeFilters: ACTIVE_FILTERS.filter((name) => text(name) !== '').map(
      (name) => `${name}=${text(name)}`,
    ),
    tagRoot: text('tagroot'),
    tagLeaf: text('tagleaf'),
    symbol:
      symbol === null
        ? null
        : { source: symbol, pattern: compile(symbol, `argument regexp ${symbol}`) },
    paths: { trimPath: text('trim_path'), sourcePath: text('source_path') },
    keepsPprofBugs: isOn('pprof-bugs'),
    placeIds: null,
    formatTime: formatLocalTime,
  }
}

/** Texts that are, or contain, regular expressions. */
function filterSources(text: (name: string) => string): string[] {
  const names = [
    ...ACTIVE_FILTERS.filter((name) => !/^tag(focus|ignore)$/.test(name)),
    'prune_from',
  ]
  const tags = ['tagfocus', 'tagignore'].flatMap((name) =>
    text(name)
      .slice(text(name).indexOf('=') + 1)
      .split(','),
  )
  return [...names.map(text), ...tags]
}

function profileFilters(text: (name: string) => string, compile: CompilePattern): ProfileFilters {
  const pattern = (key: keyof ProfileFilters, name: string) =>
    text(name) === '' ? {} : { [key]: compile(text(name), `${name} regexp`) }
  const tag = (key: keyof ProfileFilters, name: string) =>
    text(name) === ''
      ? {}
      : {
          [key]: parseTagFilter(text(name), (source): Pattern => compile(source, `${name} regexp`)),
        }
  return {
    ...pattern('focus', 'focus'),
    ...pattern('ignore', 'ignore'),
    ...pattern('hide', 'hide'),
    ...pattern('show', 'show'),
    ...pattern('showFrom', 'show_from'),
    ...pattern('pruneFrom', 'prune_from'),
    ...tag('tagFocus', 'tagfocus'),
    ...tag('tagIgnore', 'tagignore'),
    ...pattern('tagShow', 'tagshow'),
    ...pattern('tagHide', 'taghide'),
  }
}
