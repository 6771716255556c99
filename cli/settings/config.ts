import { isRecord } from '../../api/json-value.ts'
import { readFile } from 'node:fs/promises'
import { Value } from 'typebox/value'
import { nearestWord } from '../terminal/nearest-word.ts'
import { isSecretSetting, settingEntries, Settings, type SettingEntry } from './settings.ts'
import { CommandError } from '../terminal/command-error.ts'
import { fileFault } from '../terminal/file-fault.ts'

export interface SettingSources {
  /** A YAML file, or `null` for none. */
  readonly file: string | null
  readonly env: Readonly<Record<string, string | undefined>>
  /** From the command line, by path: `{ 'server.port': '8080' }`. */
  readonly flags: Readonly<Record<string, string>>
}

type Tree = Record<string, Record<string, unknown>>

/**
 * The settings: defaults, overridden by the file, then the environment, then the command line. Throws a `CommandError`
 * that names the setting when a key is unknown or a value is out of bounds.
 */
export async function readSettings(sources: SettingSources): Promise<Settings> {
  const entries = settingEntries()
  const tree = defaults(entries)
  if (sources.file !== null) overlay(tree, await readSettingsFile(sources.file), entries)
  await overlayEnv(tree, sources.env, entries)
  for (const [path, text] of Object.entries(sources.flags)) {
    const entry = entries.find(({ section, key }) => `${section}.${key}` === path)
    if (entry === undefined) throw new CommandError(`there is no setting ${path}`)
    set(tree, entry, parseText(entry, text))
  }
  if (Value.Check(Settings, tree)) return tree
  throw new CommandError(describeFault(tree))
}

function defaults(entries: readonly SettingEntry[]): Tree {
  const tree: Tree = {}
  for (const entry of entries) {
    if ('default' in entry.schema) set(tree, entry, structuredClone(entry.schema['default']))
  }
  return tree
}

function set(tree: Tree, { section, key }: SettingEntry, value: unknown): void {
  const values = (tree[section] ??= {})
  values[key] = value
}

async function readSettingsFile(file: string): Promise<unknown> {
  const { LineCounter, parse, YAMLParseError } = await import('yaml')
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(`cannot read the settings file ${file}: ${fileFault(error)}`)
  })
  const lineCounter = new LineCounter()
  try {
    // Pretty errors quote the line, which may hold a secret.
    return parse(text, { lineCounter, prettyErrors: false })
  } catch (error) {
    const at = error instanceof YAMLParseError ? `:${lineCounter.linePos(error.pos[0]).line}` : ''
    throw new CommandError(`the settings file ${file}${at} is not valid YAML: ${messageOf(error)}`)
  }
}

function overlay(tree: Tree, file: unknown, entries: readonly SettingEntry[]): void {
  if (file === null || file === undefined) return
  if (!isRecord(file))
    throw new CommandError('the settings file must hold sections, like `server:`')
  for (const [section, values] of Object.entries(file)) {
    const known = entries.filter((entry) => entry.section === section)
    if (known.length === 0) {
      throw unknownSetting(
        section,
        entries.map((entry) => entry.section),
      )
    }
    if (!isRecord(values)) throw new CommandError(`the setting ${section} must hold keys`)
    for (const [key, value] of Object.entries(values)) {
      const entry = known.find((candidate) => candidate.key === key)
      if (entry === undefined) {
        throw unknownSetting(
          `${section}.${key}`,
          known.map((candidate) => `${section}.${candidate.key}`),
        )
      }
      set(tree, entry, value)
    }
  }
}

/** `NAME` sets a value; `NAME_FILE` reads it from a file, as secrets are mounted. */
async function overlayEnv(
  tree: Tree,
  env: SettingSources['env'],
  entries: readonly SettingEntry[],
): Promise<void> {
  const sections = new Set(entries.map((entry) => entry.envName.split('_')[1]))
  for (const [name, text] of Object.entries(env)) {
    if (text === undefined || !name.startsWith('KUBEPROF_')) continue
    const entry = entries.find(({ envName }) => envName === name || `${envName}_FILE` === name)
    if (entry !== undefined) {
      const value = entry.envName === name ? text : await readSecret(name, text)
      set(tree, entry, parseText(entry, value))
    } else if (sections.has(name.split('_')[1])) {
      throw unknownSetting(
        name,
        entries.map(({ envName }) => envName),
      )
    }
  }
}

async function readSecret(name: string, file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(`cannot read ${file}, which ${name} names: ${fileFault(error)}`)
  })
  return text.trim()
}

/** A value from text: lists are JSON or separated by commas. The schema check reports values that do not fit. */
function parseText({ schema }: SettingEntry, text: string): unknown {
  const type = 'type' in schema ? schema.type : null
  if (type === 'integer' || type === 'number') {
    return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
  }
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (type !== 'array') return text
  if (text.trim().startsWith('[')) return parseJson(text)
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function describeFault(tree: Tree): string {
  const fault = [...Value.Errors(Settings, tree)].findLast(
    ({ instancePath }) => instancePath !== '',
  )
  const path = (fault?.instancePath ?? '').replace(/^\//, '').replaceAll('/', '.')
  const [section = '', key = ''] = path.split('.')
  const entry = settingEntries().find((one) => one.section === section && one.key === key)
  const isSecret = entry !== undefined && isSecretSetting(entry)
  const shown = isSecret ? '' : `, but is ${JSON.stringify(tree[section]?.[key])}`
  return `the setting ${path} ${fault?.message ?? 'is not valid'}${shown}${allowed(fault)}`
}

function allowed(fault: { readonly params: object } | undefined): string {
  const values =
    fault !== undefined && 'allowedValues' in fault.params && fault.params.allowedValues
  return Array.isArray(values) ? ` (one of ${values.join(', ')})` : ''
}

function unknownSetting(path: string, known: readonly string[]): CommandError {
  const near = nearestWord(path, known)
  return new CommandError(
    `there is no setting ${path}${near === null ? '' : `; did you mean ${near}?`} (see docs/config.md)`,
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
