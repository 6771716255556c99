import type { Language, Level, ProfileType, Report } from '../../api/index.ts'
import { PROFILE_KINDS } from '../../api/profiles/profile-kinds.ts'
import { LEVEL_ORDER } from '../../diagnosis/index.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { FlagSpec } from '../terminal/parse-flags.ts'

/** Flags of every command that ends with a diagnosis. */
export const JUDGEMENT_FLAGS: Readonly<Record<'fail-on' | 'lang', FlagSpec>> = {
  'fail-on': {
    kind: 'text',
    valueName: 'LEVEL',
    help: 'Exit with 1 on a finding of this level or above: info, warning, critical',
  },
  lang: { kind: 'text', valueName: 'LANGUAGE', help: 'Texts in en (default) or zh' },
}

/** The flag for profiles in formats that do not hold their type. */
export const TYPE_FLAG: FlagSpec = {
  kind: 'text',
  valueName: 'TYPE',
  help: `The type of profiles whose format does not hold it, such as folded stacks: ${PROFILE_KINDS.join(', ')}`,
}

type Texts = Readonly<Record<string, string>>

/** Null where no finding is a failure. */
export function readFailOn(text: Texts): Level | null {
  return oneOf(text, 'fail-on', ['info', 'warning', 'critical'] as const)
}

export function readLanguage(text: Texts): Language {
  return oneOf(text, 'lang', ['en', 'zh'] as const) ?? 'en'
}

/** Null where the flag is absent. Throws a CommandError for other words. */
export function readType(text: Texts): ProfileType | null {
  return oneOf(text, 'type', PROFILE_KINDS)
}

export function failsOn({ findings }: Report, failOn: Level | null): boolean {
  return failOn !== null && findings.some(({ level }) => LEVEL_ORDER[level] >= LEVEL_ORDER[failOn])
}

function oneOf<T extends string>(text: Texts, flag: string, words: readonly T[]): T | null {
  const value = text[flag]
  if (value === undefined) return null
  const word = words.find((candidate) => candidate === value.toLowerCase())
  if (word === undefined) {
    throw new CommandError(`--${flag} is one of ${words.join(', ')}, not "${value}"`)
  }
  return word
}
