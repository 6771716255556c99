import { type Profile, type ReportSettings, sampleTypeIndex } from '../../../profile/index.ts'
import { groupChoice, type PprofFlags } from '../flags/pprof-flags.ts'
import { ShellError } from './shell-error.ts'

type OptionKind = 'switch' | 'whole' | 'decimal' | 'text' | 'choice'

interface ShellOption {
  readonly kind: OptionKind
  readonly default: string
}

/** The options of the prompt, as pprof writes them. A choice is one of `CHOICES`. */
export type ShellOptions = ReadonlyMap<string, string>

export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  sort: ['cum', 'flat'],
  granularity: ['functions', 'filefunctions', 'files', 'lines', 'addresses'],
}

/** The values of a choice; empty for another option. */
export function choicesOf(name: string): readonly string[] {
  return Object.hasOwn(CHOICES, name) ? (CHOICES[name] ?? []) : []
}

/** pprof's configuration: https://github.com/google/pprof/blob/main/internal/driver/config.go */
const OPTIONS: ReadonlyMap<string, ShellOption> = new Map<string, ShellOption>([
  ...options('switch', 'false', ['call_tree', 'relative_percentages', 'compact_labels']),
  ...options('switch', 'false', ['intel_syntax', 'mean', 'normalize', 'drop_negative']),
  ...options('switch', 'false', ['noinlines', 'showcolumns']),
  ...options('switch', 'true', ['trim']),
  ...options('whole', '-1', ['nodecount']),
  ...options('decimal', '1', ['divide_by']),
  ...options('decimal', '0.005', ['nodefraction']),
  ...options('decimal', '0.001', ['edgefraction']),
  ...options('choice', 'flat', ['sort']),
  ...options('choice', '', ['granularity']),
  ...options('text', 'minimum', ['unit']),
  ...options('text', '', ['output', 'source_path', 'trim_path', 'sample_index']),
  ...options('text', '', ['focus', 'ignore', 'prune_from', 'hide', 'show', 'show_from']),
  ...options('text', '', ['tagfocus', 'tagignore', 'tagshow', 'taghide', 'tagroot', 'tagleaf']),
])

function options(kind: OptionKind, value: string, names: readonly string[]) {
  return names.map((name): [string, ShellOption] => [name, { kind, default: value }])
}

export const OPTION_NAMES: readonly string[] = [...OPTIONS.keys()]

/** Whether pprof knows the word as an option or as one of the values of a choice. */
export function isOptionWord(name: string): boolean {
  return OPTIONS.has(name) || groupOf(name) !== null
}

/** Whether the option may be given without a value. */
export function isSwitchWord(name: string): boolean {
  return OPTIONS.get(name)?.kind === 'switch' || groupOf(name) !== null
}

function groupOf(choice: string): string | null {
  return Object.keys(CHOICES).find((name) => choicesOf(name).includes(choice)) ?? null
}

/** The options' values on the command line; the prompt's report headers are short. */
export function shellOptions(flags: PprofFlags, settings: ReportSettings): ShellOptions {
  const values = new Map<string, string>()
  for (const [name, { default: value }] of OPTIONS) {
    const given =
      flags.texts.get(name) ?? flags.switches.get(name)?.toString() ?? numberText(flags, name)
    values.set(name, given ?? value)
  }
  return values
    .set('compact_labels', 'true')
    .set('sort', settings.sort)
    .set('granularity', groupChoice(flags, choicesOf('granularity')) ?? '')
    .set('sample_index', settings.sampleIndex)
    .set('mean', String(settings.mean))
}

function numberText({ numbers }: PprofFlags, name: string): string | null {
  const number = numbers.get(name)
  return number === undefined ? null : goFloat(number)
}

/** The options with one changed. Throws a ShellError with pprof's text. */
export function withOption(
  current: ShellOptions,
  { name, value }: { readonly name: string; readonly value: string },
  profile: Profile,
): ShellOptions {
  const kind = OPTIONS.get(name)?.kind
  if (kind === undefined) {
    const group = groupOf(name)
    if (group !== null && /^(?:1|t|T|true|TRUE|True)$/.test(value)) {
      return new Map(current).set(group, name)
    }
    throw new ShellError(`unknown config field ${JSON.stringify(name)}`)
  }
  return new Map(current).set(name, readValue(kind, { name, value }, profile))
}

function readValue(
  kind: OptionKind,
  { name, value }: { readonly name: string; readonly value: string },
  profile: Profile,
): string {
  if (name === 'sample_index') {
    return profile.sampleTypes[sampleTypeIndex(profile, value)]?.type ?? value
  }
  if (kind === 'switch') return String(readSwitch(value))
  if (kind === 'whole') {
    if (/^[+-]?\d+$/.test(value)) return String(Number(value))
    throw new ShellError(`strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`)
  }
  if (kind === 'decimal') {
    if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value)) return goFloat(Number(value))
    throw new ShellError(`strconv.ParseFloat: parsing ${JSON.stringify(value)}: invalid syntax`)
  }
  if (kind === 'choice' && !choicesOf(name).includes(value)) {
    throw new ShellError(`invalid ${JSON.stringify(name)} value ${JSON.stringify(value)}`)
  }
  return value
}

function readSwitch(value: string): boolean {
  if (['true', 't', 'yes', 'y', '1', ''].includes(value.toLowerCase())) return true
  if (['false', 'f', 'no', 'n', '0'].includes(value.toLowerCase())) return false
  throw new ShellError(`illegal value ${JSON.stringify(value)} for bool variable`)
}

/** The flags of a report with these options. */
export function optionFlags(options: ShellOptions, flags: PprofFlags): PprofFlags {
  const switches = new Map<string, boolean>()
  const numbers = new Map<string, number>()
  const texts = new Map<string, string>()
  for (const [name, value] of options) {
    const kind = OPTIONS.get(name)?.kind
    if (kind === 'switch') switches.set(name, value === 'true')
    else if (kind === 'choice' && value !== '') switches.set(value, true)
    else if (kind === 'whole' || kind === 'decimal') numbers.set(name, Number(value))
    else texts.set(name, value)
  }
  // Not an option of the prompt, but it must be kept.
  const hasBugs = flags.switches.get('pprof-bugs')
  if (hasBugs !== undefined) switches.set('pprof-bugs', hasBugs)
  return { ...flags, switches, numbers, texts }
}

/** The output of `o`: a line for each option. */
export function optionLines(options: ShellOptions, profile: Profile): string[] {
  const lines = [...options]
    .filter(([name]) => name !== 'source_path')
    .map(([name, value]) => {
      const { shown, comment } = shownOption({ name, value }, profile)
      const note = comment === '' ? '' : `//: ${comment}`
      return `  ${name.padEnd(25)} = ${shown.padEnd(20)} ${note}`
    })
  return lines.sort()
}

function shownOption(
  { name, value }: { readonly name: string; readonly value: string },
  profile: Profile,
): { readonly shown: string; readonly comment: string } {
  if (Object.hasOwn(CHOICES, name)) {
    const comment = `[${[...choicesOf(name)].sort().join(' | ')}]`
    return { shown: value === '' ? '(default)' : value, comment }
  }
  if (name === 'sample_index') {
    const types = profile.sampleTypes.map(({ type }) => type)
    const shown = value === '' ? (types[sampleTypeIndex(profile, '')] ?? '') : value
    return { shown, comment: `[${types.join(' | ')}]` }
  }
  if (name === 'nodecount' && value === '-1') return { shown: value, comment: 'default' }
  return { shown: value === '' ? '""' : value, comment: '' }
}

/** A number as Go prints it. */
function goFloat(value: number): string {
  const isSmall = value !== 0 && Math.abs(value) < 1e-4
  const text = isSmall ? value.toExponential() : String(value)
  return text.replace(/e([+-])(\d)$/, 'e$10$2')
}
