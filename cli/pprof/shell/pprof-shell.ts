import {
  openReport,
  type Profile,
  profileHeader,
  ReportError,
  type ReportSettings,
  valueFormat,
} from '../../../profile/index.ts'
import { CommandError } from '../../terminal/command-error.ts'
import type { CommandIo } from '../../terminal/command-io.ts'
import { lineCompleter } from './complete-shell-line.ts'
import { parseShellCommand, type ShellCommand } from './parse-shell-command.ts'
import type { PprofFlags } from '../flags/pprof-flags.ts'
import { reportSettings } from '../flags/pprof-settings.ts'
import { readSources, type Sources } from '../sources/read-sources.ts'
import { shellHelp } from './shell-commands.ts'
import { ShellError } from './shell-error.ts'
import {
  isOptionWord,
  isSwitchWord,
  optionFlags,
  optionLines,
  type ShellOptions,
  shellOptions,
  withOption,
} from './shell-options.ts'
import { writeReportTo } from '../reports/write-report.ts'

const PROMPT = '(pprof) '

/**
 * The prompt of `kubeprof pprof FILE`, with pprof's commands. Without a terminal it reads line by line. As in pprof,
 * only reports go to standard output. https://github.com/google/pprof/blob/main/internal/driver/interactive.go
 */
export async function runShell(flags: PprofFlags, io: CommandIo): Promise<number> {
  const settings = await reportSettings(flags, { name: 'top', symbol: null })
  const sources = await readSources(flags, io, { keepsIds: true })
  if (sources === null) return 3
  greet(sources.profile, settings, io)
  const shell = { ...sources, flags, io }
  let options = shellOptions(flags, settings)
  // One bundle holds all that `kubeprof pprof` loads, and reports need no prompt.
  const { createInterface } = await import('node:readline')
  const terminal = io.terminal?.() ?? null
  const reader = createInterface({
    input: io.stdin(),
    crlfDelay: Infinity,
    prompt: PROMPT,
    ...(terminal === null
      ? { terminal: false }
      : { output: terminal, terminal: true, completer: readlineCompleter(sources.profile) }),
  })
  if (terminal !== null) reader.prompt()
  for await (const line of reader) {
    for (const part of expandLine(line, sources.profile)) {
      const next = await obey(part, options, shell)
      if (next === null) {
        reader.close()
        return 0
      }
      options = next
    }
    if (terminal !== null) reader.prompt()
  }
  // After ^D the cursor is still on the prompt's line.
  terminal?.write('\n')
  return 0
}

interface Shell extends Sources {
  readonly flags: PprofFlags
  readonly io: CommandIo
}

/** Executes a line. Returns the options for the next lines, or null to exit. */
async function obey(
  line: string,
  options: ShellOptions,
  shell: Shell,
): Promise<ShellOptions | null> {
  const { io, profile } = shell
  try {
    const assignment = readAssignment(line)
    if (assignment !== null) return withOption(options, assignment, profile)
    const words = line.split(/\s+/).filter((word) => word !== '')
    const [first] = words
    if (first === undefined) return options
    if (['exit', 'quit', 'q'].includes(first)) return null
    if (first === 'o' || first === 'options') {
      io.writeError(`${optionLines(options, profile).join('\n')}\n`)
    } else if (first === 'help') help(words.slice(1).join(' '), shell)
    else await report(parseShellCommand(words, options), shell)
  } catch (error) {
    const isExpected =
      error instanceof ShellError ||
      error instanceof CommandError ||
      error instanceof ReportError ||
      (error instanceof Error && 'code' in error)
    if (!isExpected) throw error
    io.writeError(`${error.message}\n`)
  }
  return options
}

/** Expands shortcuts: `:` clears the filters, the name of a sample type selects it. */
function expandLine(line: string, { sampleTypes }: Profile): string[] {
  const text = line.trim()
  if (text === ':') return ['focus=', 'ignore=', 'hide=', 'tagfocus=', 'tagignore=']
  const types = sampleTypes.map(({ type }) => type)
  if (types.includes(text)) return [`sample_index=${text}`]
  const [, mean, type = ''] = /^(total|mean)_(.*)$/.exec(text) ?? []
  if (!types.includes(type)) return [text]
  return [`mean=${mean === 'mean' ? 1 : 0}`, `sample_index=${type}`]
}

/** Null where the line sets no option. What follows `//:` is a comment. */
function readAssignment(line: string): { readonly name: string; readonly value: string } | null {
  const sign = line.indexOf('=')
  const name = (sign === -1 ? line : line.slice(0, sign)).trim()
  if (!isOptionWord(name)) return null
  if (sign === -1 && !isSwitchWord(name)) {
    throw new ShellError(`please specify a value, e.g. ${name}=<val>`)
  }
  const value = sign === -1 ? '' : line.slice(sign + 1)
  const comment = value.lastIndexOf('//:')
  return { name, value: (comment === -1 ? value : value.slice(0, comment)).trim() }
}

function help(word: string, { profile, io }: Shell): void {
  const text = shellHelp(
    word,
    profile.sampleTypes.map(({ type }) => type),
  )
  io.writeError(text ?? `Unknown command: ${word}\n`)
}

async function report({ name, symbol, options }: ShellCommand, shell: Shell): Promise<void> {
  const { flags, io, profile, placeIds } = shell
  const settings = await reportSettings(optionFlags(options, flags), { name, symbol })
  const place = { path: options.get('output') || null, isSeen: true, waitsForViewer: false }
  await writeReportTo(place, name, { profile, settings: { ...settings, placeIds } }, io)
}

/** The facts about the profile. */
function greet(profile: Profile, settings: ReportSettings, { writeError }: CommandIo): void {
  try {
    const opened = openReport(profile, { ...settings, filters: {} })
    const header = profileHeader(opened, valueFormat(opened, settings.unit))
    writeError(`${header.join('\n')}\n`)
    if (Number(opened.total) === 0 && profile.sampleTypes.length > 1) {
      writeError('No samples were found with the default sample value type.\n')
      writeError('Try "sample_index" command to analyze different sample values.\n')
    }
  } catch (error) {
    // Each report prints it.
    if (!(error instanceof ReportError)) throw error
  }
  writeError('Entering interactive mode (type "help" for commands, "o" for options)\n')
}

function readlineCompleter(profile: Profile) {
  const complete = lineCompleter(profile)
  return (line: string): [string[], string] => {
    const [candidates, part] = complete(line)
    return [[...candidates], part]
  }
}
