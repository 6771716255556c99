import { parseArgs } from 'node:util'
import { nearestWord } from './nearest-word.ts'
import { CommandError } from './command-error.ts'

/** A flag of a command: `text` takes a value, `list` a value each time it is given, `switch` none. */
export interface FlagSpec {
  readonly kind: 'text' | 'list' | 'switch'
  /** Its one-letter form: `-o`. */
  readonly letter?: string
  /** The placeholder of the value in the help: `--port PORT`. */
  readonly valueName?: string
  readonly help: string
}

export interface ParsedFlags {
  readonly text: Readonly<Record<string, string>>
  /** Empty for a flag that was not given. */
  readonly lists: ReadonlyMap<string, readonly string[]>
  readonly switches: ReadonlySet<string>
  readonly positionals: readonly string[]
}

/**
 * Parses `--flag value`, `--flag=value` and `--switch`. Throws a `CommandError` that names unknown flags, and flags without
 * a value: an empty one comes from a variable of the shell that is not set.
 */
export function parseFlags(
  args: readonly string[],
  specs: Readonly<Record<string, FlagSpec>>,
): ParsedFlags {
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { kind, letter }]) => [
      name,
      {
        type: kind === 'switch' ? ('boolean' as const) : ('string' as const),
        ...(letter === undefined ? {} : { short: letter }),
      },
    ]),
  )
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true })
  const text: Record<string, string> = {}
  const lists = new Map<string, readonly string[]>()
  const switches = new Set<string>()
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined
    if (spec === undefined) throw unknownFlag(token.rawName, token.name, Object.keys(specs))
    if (spec.kind === 'switch') {
      if (token.value !== undefined) throw new CommandError(`--${token.name} takes no value`)
      switches.add(token.name)
    } else if (token.value === undefined || token.value === '') {
      throw new CommandError(
        `--${token.name} needs a value: --${token.name} ${spec.valueName ?? ''}`,
      )
    } else if (spec.kind === 'list') {
      lists.set(token.name, [...(lists.get(token.name) ?? []), token.value])
    } else {
      text[token.name] = token.value
    }
  }
  return { text, lists, switches, positionals }
}

/** The flags of a command as lines of its help. */
export function describeFlags(specs: Readonly<Record<string, FlagSpec>>): string {
  const rows = Object.entries(specs).map(([name, { valueName, letter, help }]) => ({
    left: `${letter === undefined ? '' : `-${letter}, `}--${name}${valueName === undefined ? '' : ` ${valueName}`}`,
    help,
  }))
  const width = Math.max(...rows.map(({ left }) => left.length))
  return rows.map(({ left, help }) => `  ${left.padEnd(width)}  ${help}\n`).join('')
}

function unknownFlag(rawName: string, name: string, known: readonly string[]): CommandError {
  const near = nearestWord(name, known)
  const hint = near === null ? 'see --help' : `did you mean --${near}?`
  return new CommandError(`there is no flag ${rawName}; ${hint}`)
}
