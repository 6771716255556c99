import { nearestWord } from '../../terminal/nearest-word.ts'
import { SHELL_COMMANDS, shellCommand } from './shell-commands.ts'
import { ShellError } from './shell-error.ts'
import { isOptionWord, type ShellOptions } from './shell-options.ts'

export interface ShellCommand {
  readonly name: string
  /** The pattern of `peek` and the like. */
  readonly symbol: string | null
  /** The options for this command only. */
  readonly options: ShellOptions
}

const TOP_ROWS = '10'

/**
 * Parses `top 5 focus -ignore -cum >file`, in which only the name is required. Throws a ShellError with pprof's text.
 * https://github.com/google/pprof/blob/main/internal/driver/interactive.go
 */
export function parseShellCommand(words: readonly string[], current: ShellOptions): ShellCommand {
  const { name, rest } = commandName(words)
  const hasPattern = shellCommand(name)?.hasPattern === true
  const [symbol = null] = hasPattern ? rest : []
  if (hasPattern && symbol === null) throw new ShellError(`command ${name} requires an argument`)
  const options = new Map(current)
  let focus = ''
  let ignore = ''
  const args = rest.slice(hasPattern ? 1 : 0)
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    if (/^[+-]?\d+$/.test(arg)) options.set('nodecount', String(Number(arg)))
    else if (arg === '--cum' || arg === '-cum') options.set('sort', 'cum')
    else if (arg.startsWith('-')) ignore = either(ignore, arg.slice(1))
    else if (!arg.startsWith('>')) focus = either(focus, arg)
    else {
      const file = arg.length > 1 ? arg.slice(1) : args.shift()
      if (file === undefined) throw new ShellError('unexpected end of line after >')
      options.set('output', file)
    }
  }
  const isOfTags = name === 'tags'
  if (focus !== '') options.set(isOfTags ? 'tagfocus' : 'focus', focus)
  if (ignore !== '') options.set(isOfTags ? 'tagignore' : 'ignore', ignore)
  const isTable = name === 'top' || name === 'text'
  if (isTable && options.get('nodecount') === '-1') options.set('nodecount', TOP_ROWS)
  return { name, symbol, options }
}

/** The name, from which a number need not be separated: `top10`. */
function commandName(words: readonly string[]) {
  const [first = '', ...rest] = words
  if (shellCommand(first) !== null) return { name: first, rest }
  const [, name = first, digits = ''] = /^(.*?[^\d])(\d+)$/.exec(first) ?? []
  if (shellCommand(name) !== null) return { name, rest: [digits, ...rest] }
  if (isOptionWord(name)) {
    throw new ShellError(
      `did you mean: ${name}=${[...(digits === '' ? [] : [digits]), ...rest].at(0) ?? '<val>'}`,
    )
  }
  const near = nearestWord(name, Object.keys(SHELL_COMMANDS))
  const hint = near === null ? '' : `; did you mean ${near}?`
  throw new ShellError(`unrecognized command: ${JSON.stringify(name)}${hint}`)
}

function either(a: string, b: string): string {
  return a !== '' && b !== '' ? `${a}|${b}` : a + b
}
