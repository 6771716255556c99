import type { Profile } from '../../../profile/index.ts'
import { SHELL_COMMANDS, shellCommand } from './shell-commands.ts'
import { CHOICES, OPTION_NAMES } from './shell-options.ts'

/** The result of a readline completer: the candidates, and the part of the line that they replace. */
export type CompleteLine = (line: string) => [readonly string[], string]

const CANDIDATES_MAX = 50
const MORE_WORDS = ['help', 'options', 'quit', 'exit']

/** Completes commands and options by prefix, and functions by substring, as pprof does. */
export function lineCompleter({ funcs, strings, sampleTypes }: Profile): CompleteLine {
  const words = [
    ...Object.keys(SHELL_COMMANDS),
    ...OPTION_NAMES.map((name) => `${name}=`),
    ...Object.values(CHOICES).flat(),
    ...sampleTypes.map(({ type }) => type),
    ...MORE_WORDS,
  ]
  const names = () => [...new Set(Array.from(funcs.name, (name) => strings[name] ?? ''))]
  return (line) => {
    const last = /\S*$/.exec(line)?.[0] ?? ''
    const before = line.slice(0, line.length - last.length).trim()
    if (before === '' || before === 'help') {
      return [words.filter((word) => word.startsWith(last.toLowerCase())), last]
    }
    const command = before.replace(/\s.*$/, '').replace(/\d+$/, '')
    if (last === '' || shellCommand(command) === null || command === 'tags') {
      return [[], last]
    }
    const sign = last.startsWith('-') ? '-' : ''
    const part = last.slice(sign.length)
    const found = names().filter((name) => name.includes(part))
    return [found.length > CANDIDATES_MAX ? [] : found.map((name) => sign + name), last]
  }
}
