import { defineCommand } from '../terminal/define-command.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Level } from '../../api/index.ts'
import {
  allRules,
  type CombinedRule,
  OVERRIDES_FILE,
  readsOf,
  type Rule,
  type RuleSet,
  runCase,
  tryRule,
} from '../../diagnosis/index.ts'
import { printTrial } from './print-trial.ts'
import {
  BUILT_IN_RULES,
  describeFault,
  loadRuleFiles,
  loadRules,
  locateFaults,
  readDocuments,
  readRules,
  rulesIn,
  type UnlocatedFault,
} from '../../judge/index.ts'
import { metricFaults } from './check-metrics.ts'
import { symbolFaults } from './check-symbols.ts'
import { nearestWord } from '../terminal/nearest-word.ts'
import type { FlagSpec, ParsedFlags } from '../terminal/parse-flags.ts'
import { readInventory, readMetricInventory } from './read-inventory.ts'
import { readProfileFile } from '../input/read-profile-file.ts'
import { readLanguage } from '../diagnose/judgement-flags.ts'
import { isFolder, ruleDirectories } from '../diagnose/rule-directories.ts'
import { explainRule } from './rules-pages.ts'

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  lang: { kind: 'text', valueName: 'LANGUAGE', help: 'Titles in en (default) or zh' },
  rules: { kind: 'text', valueName: 'DIR', help: 'A folder of further rules' },
  unlisted: {
    kind: 'switch',
    help: 'check accepts functions and metrics of no known version, for example of a newer one',
  },
}

const USAGE = `usage: kubeprof rules list              what rules there are
       kubeprof rules explain ID        what a rule means, how to confirm it, what to change
       kubeprof rules show ID           the file of a rule
       kubeprof rules check PATH...     whether rules, or all of a folder, can be used and do what their cases say
       kubeprof rules try FILE PROFILE  what a rule finds in a profile, and what it nearly finds
`

/** Runs `kubeprof rules`. Returns the exit code: 3 when a rule has a fault. */
export const runRules = defineCommand({
  name: 'rules',
  usage: USAGE,
  flags: FLAGS,
  argumentsMax: { list: 0, explain: 1, show: 1 },
  run,
})

async function run({ text, switches, positionals }: ParsedFlags, io: CommandIo): Promise<number> {
  const [action, ...rest] = positionals
  const directories = ruleDirectories(text)
  const language = readLanguage(text)
  switch (action) {
    case 'list':
      return listRules(directories, language, io)
    case 'explain':
      io.writeOut(explainRule(await findRule(directories, rest, 'explain'), language))
      return 0
    case 'show':
      io.writeOut(readFileSync((await findRule(directories, rest, 'show')).file))
      return 0
    case 'check':
      return checkRules(rest, switches.has('unlisted'), io)
    case 'try':
      return tryRuleFile(rest, io)
    default:
      throw new CommandError('say list, explain, show, check or try (see kubeprof rules --help)')
  }
}

async function listRules(
  directories: readonly string[],
  language: 'en' | 'zh',
  io: CommandIo,
): Promise<number> {
  const { ruleSet, faults } = await loadRules(undefined, directories)
  const rules = allRules(ruleSet)
  const width = Math.max(...rules.map(({ id }) => id.length))
  for (const rule of rules) {
    const { id, texts } = rule
    const reads = readsOf(rule).join(', ')
    io.writeOut(`${id.padEnd(width)}  ${reads.padEnd(11)}  ${texts.title[language]}\n`)
  }
  return writeFaults(faults.map(describeFault), io)
}

async function findRule(
  directories: readonly string[],
  [id]: readonly string[],
  action: string,
): Promise<Rule | CombinedRule> {
  if (id === undefined) throw new CommandError(`name a rule: kubeprof rules ${action} ID`)
  const { ruleSet } = await loadRules(undefined, directories)
  const rule = allRules(ruleSet).find((candidate) => candidate.id === id)
  if (rule !== undefined) return rule
  const near = nearestWord(
    id,
    allRules(ruleSet).map((candidate) => candidate.id),
  )
  const hint = near === null ? 'see kubeprof rules list' : `did you mean ${near}?`
  throw new CommandError(`there is no rule "${id}"; ${hint}`)
}

async function checkRules(
  paths: readonly string[],
  isUnlistedFine: boolean,
  io: CommandIo,
): Promise<number> {
  if (paths.length === 0) throw new CommandError('name files: kubeprof rules check PATH...')
  const files = paths.flatMap((path) => (isFolder(path) ? rulesIn(path) : [path]))
  if (files.length === 0) throw new CommandError(`no rules (*.yaml) lie in ${paths.join(', ')}`)
  const { ruleSet, faults } = await loadRuleFiles(files)
  const unknown = isUnlistedFine ? [] : await unknownNamesIn(ruleFilesOf(files))
  const checked = allRules(ruleSet).filter(({ file }) => files.includes(file))
  const parts = await locateFaults(checked.flatMap((rule) => unknownParts(rule, ruleSet)))
  const broken = checked.flatMap((rule) => caseFaults(rule, ruleSet))
  io.writeOut(`${checked.length} of ${ruleFilesOf(files).length} rules can be used\n`)
  const located = [...faults, ...unknown, ...parts]
  return writeFaults([...located.map(describeFault), ...broken], io)
}

function ruleFilesOf(files: readonly string[]): readonly string[] {
  return files.filter((file) => basename(file) !== OVERRIDES_FILE)
}

/** Functions and metrics that no known version has. */
async function unknownNamesIn(files: readonly string[]) {
  const { words } = await readRules(BUILT_IN_RULES)
  const { documents } = await readDocuments(files)
  return locateFaults([
    ...symbolFaults(documents, words, readInventory()),
    ...metricFaults(documents, readMetricInventory()),
  ])
}

/** Rules that a combined one reads or asks for, and that there are none of. */
function unknownParts(rule: Rule | CombinedRule, ruleSet: RuleSet): readonly UnlocatedFault[] {
  if (!('parts' in rule)) return []
  const ids = new Set(ruleSet.rules.map(({ id }) => id))
  return [...rule.parts].flatMap(([name, part]) => {
    if (part.kind !== 'rule') return []
    const named = [part.rule, ...(part.within === null ? [] : [part.within])]
    return named
      .filter((id) => !ids.has(id))
      .map((id) => {
        const near = nearestWord(id, [...ids])
        const message = `there is no rule "${id}"${near === null ? '' : `; did you mean ${near}?`}`
        return { file: rule.file, path: ['combine', name], message }
      })
  })
}

async function tryRuleFile([file, path]: readonly string[], io: CommandIo): Promise<number> {
  if (file === undefined || path === undefined) {
    throw new CommandError('name a rule and a profile: kubeprof rules try FILE PROFILE')
  }
  if (isFolder(file)) throw new CommandError(`"${file}" is a folder; name a rule in it`)
  const { ruleSet, faults } = await loadRuleFiles([file])
  const rule = ruleSet.rules.find((each) => each.file === file)
  if (rule === undefined) {
    if (!ruleSet.combined.some((each) => each.file === file))
      return writeFaults(faults.map(describeFault), io)
    throw new CommandError(`"${file}" combines other rules; try those`)
  }
  const profile = await readProfileFile(path, io, 'rules')
  if (profile === null) return 3
  for (const trial of tryRule(rule, { path, profile }, ruleSet)) printTrial(trial, io)
  return 0
}

function caseFaults(rule: Rule | CombinedRule, ruleSet: RuleSet): readonly string[] {
  const wrong = rule.texts.cases.flatMap((ruleCase) => {
    const level = runCase(rule, ruleCase, ruleSet)
    if (level === ruleCase.fires) return []
    return [
      `${rule.file}: case "${ruleCase.name}": ${outcome(level)} where it must ${due(ruleCase.fires)}`,
    ]
  })
  const kinds = new Set(rule.texts.cases.map(({ fires }) => fires === null))
  if (!kinds.has(false)) wrong.push(`${rule.file}: has no case that fires`)
  if (!kinds.has(true)) wrong.push(`${rule.file}: has no case that stays silent`)
  return wrong
}

function outcome(level: Level | null): string {
  return level === null ? 'is silent' : `fires at ${level}`
}

function due(level: Level | null): string {
  return level === null ? 'be silent' : `fire at ${level}`
}

function writeFaults(faults: readonly string[], io: CommandIo): number {
  for (const fault of faults) io.writeError(`kubeprof rules: ${fault}\n`)
  return faults.length === 0 ? 0 : 3
}
