import { IsDateTime } from 'typebox/format'
import { isLabelName, LABEL_NAME_IN_WORDS, LABEL_VALUE_CHARS_MAX } from '../../api/label-name.ts'
import { readType, TYPE_FLAG } from '../diagnose/judgement-flags.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { FlagSpec, ParsedFlags } from '../terminal/parse-flags.ts'

const text = (valueName: string, help: string): FlagSpec => ({ kind: 'text', valueName, help })

export const PUSH_FLAGS: Readonly<Record<string, FlagSpec>> = {
  target: text('NAME', 'The process the profiles were taken from'),
  component: text('NAME', 'kube-apiserver, etcd, ...'),
  instance: text('NAME', 'Which of several such processes'),
  cluster: text('NAME', 'The cluster it belongs to'),
  label: { kind: 'list', valueName: 'NAME=VALUE', help: 'A label; may be given again' },
  time: text('TIME', 'When it was taken: 2026-11-30T18:28:00Z'),
  note: text('TEXT', 'A note beside the capture; a lone profile has none'),
  type: TYPE_FLAG,
  wait: text('SECONDS', 'Wait this long for each report'),
  'token-file': text('FILE', 'A file with the token to send; else $KUBEPROF_TOKEN'),
}

/** What the flags say of everything that is pushed, as parameters of an upload. */
export interface Declared {
  /** Of captures and of lone profiles. */
  readonly fields: Readonly<Record<string, string>>
  /** Of captures alone. */
  readonly note: string | null
  /** Of lone profiles alone: the kind where the file does not hold it, and how long the answer may wait. */
  readonly ofProfiles: Readonly<Record<string, string>>
  readonly waitSeconds: number
}

const NAMES = ['target', 'component', 'instance', 'cluster'] as const
const NOTE_CHARS_MAX = 1000

/** Throws a CommandError. */
export function readDeclared({ text, lists }: ParsedFlags): Declared {
  readType(text)
  assertWait(text)
  const { note = null, time } = text
  if (note !== null && note.length > NOTE_CHARS_MAX) {
    throw new CommandError(`--note is at most ${NOTE_CHARS_MAX} characters, not ${note.length}`)
  }
  return {
    fields: {
      ...chosen(text, NAMES),
      ...(time === undefined ? {} : { time: checkedTime(time) }),
      ...readLabels(lists.get('label') ?? []),
    },
    note,
    ofProfiles: chosen(text, ['type', 'wait']),
    waitSeconds: Number.parseFloat(text['wait'] ?? '0'),
  }
}

function chosen(text: ParsedFlags['text'], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = text[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function assertWait({ wait = '0' }: ParsedFlags['text']): void {
  if (!/^[0-9]{1,3}s?$/.test(wait)) {
    throw new CommandError(`--wait is a whole number of seconds below 1000, not "${wait}"`)
  }
}

function checkedTime(time: string): string {
  if (IsDateTime(time) && !Number.isNaN(Date.parse(time))) return time
  throw new CommandError(
    `--time is a date and time with its zone, 2026-11-30T18:28:00Z or 2026-11-30T19:28:00+01:00, not "${time}"`,
  )
}

function readLabels(labels: readonly string[]): Record<string, string> {
  const read: Record<string, string> = {}
  for (const [name, value] of labels.map(readLabel)) {
    const parameter = `label.${name}`
    if (Object.hasOwn(read, parameter)) {
      throw new CommandError(`--label ${name} is given more than once, and has one value`)
    }
    read[parameter] = value
  }
  return read
}

function readLabel(label: string): readonly [string, string] {
  const at = label.indexOf('=')
  const [name, value] = [label.slice(0, at), label.slice(at + 1)]
  if (at <= 0 || value === '') throw new CommandError(`--label is NAME=VALUE, not "${label}"`)
  if (!isLabelName(name)) {
    throw new CommandError(`the name of a --label is ${LABEL_NAME_IN_WORDS}, not "${name}"`)
  }
  if (value.length > LABEL_VALUE_CHARS_MAX) {
    throw new CommandError(
      `the value of --label ${name} is at most ${LABEL_VALUE_CHARS_MAX} characters, not ${value.length}`,
    )
  }
  return [name, value]
}
