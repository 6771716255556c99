import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Finding, Level } from '../../api/index.ts'
import { diagnose, LEVEL_ORDER, type RuleSet } from '../../diagnosis/index.ts'
import { readProfile } from '../../gzip/node.ts'
import type { Profile } from '../../profile/index.ts'

/** A capture of a real process, with what is known to be wrong in it: its `capture.json`. */
export interface LabelledCapture {
  readonly name: string
  readonly component: string
  readonly version: string
  /** What was done to the process. */
  readonly scenario: string
  /** Evidence of the label: the load, `go tool pprof` and the metrics. */
  readonly reason?: string
  /** What would be right to advise, for whoever compares it with what is advised. */
  readonly remedy?: string
  /** Must be found in that profile, at that level or above. */
  readonly expect: readonly ExpectedFinding[]
  /** Must be found in addition when the rules get the metrics and the earlier captures. */
  readonly expectWithContext?: readonly ExpectedFinding[]
  /** Must not be found in a CPU, goroutine or block profile: `rule`, or `rule@level` for that level and above. */
  readonly forbid: readonly string[]
  /** Findings that are allowed but not required: they are true because of how the capture was taken. */
  readonly allow?: readonly string[]
  /** Nothing at warning or above may be found. */
  readonly quiet: boolean
  readonly files: readonly string[]
}

export interface ExpectedFinding {
  readonly rule: string
  readonly level: Level
  readonly profile: string
}

/** Go's own text of all goroutines (`?debug=2`), with how long they wait. */
const GOROUTINE_DUMP = 'goroutine-debug2.txt.gz'

/** The findings of a capture, compared with the expected ones. */
export interface JudgedCapture {
  readonly capture: LabelledCapture
  readonly findings: readonly Finding[]
  readonly missed: readonly ExpectedFinding[]
  readonly falseAlarms: readonly Finding[]
}

/**
 * Judges each capture below the folder, by name. Only the profiles are given, with `metrics.txt`, `metrics-before.txt`,
 * `version.json` and the same profiles of earlier captures (`earlier-1/`, `earlier-2/`, ..., oldest first) where they are
 * there; what they are of must be inferred.
 */
export function judgeCaptures(directory: string, ruleSet: RuleSet): readonly JudgedCapture[] {
  return readdirSync(directory)
    .sort()
    .filter((name) => existsSync(join(directory, name, 'capture.json')))
    .map((name) => judgeCapture(join(directory, name), ruleSet))
}

/** Whether it is a finding, or is folded into a finding of at least that level. */
export function isFound({ rule, level, profile }: ExpectedFinding, findings: readonly Finding[]) {
  return findings.some((finding) => {
    if (LEVEL_ORDER[finding.level] < LEVEL_ORDER[level]) return false
    const isItself = finding.rule === rule && finding.profile === profile
    return isItself || finding.also.some((folded) => folded.rule === rule)
  })
}

function judgeCapture(directory: string, ruleSet: RuleSet): JudgedCapture {
  const capture: LabelledCapture = JSON.parse(readFileSync(join(directory, 'capture.json'), 'utf8'))
  const textOf = (name: string) => readText(directory, name, capture.files)
  const version: { readonly gitVersion?: string } = JSON.parse(textOf('version.json') ?? '{}')
  const inputs = capture.files
    .filter((file) => file.endsWith('.pb.gz') || file === GOROUTINE_DUMP)
    .map((file) => {
      const history = earlierOf(directory, file)
      return {
        path: file,
        profile: readCaptured(join(directory, file)),
        kubernetesVersion: version.gitVersion ?? null,
        history,
        previous: history.at(-1) ?? null,
      }
    })
  const { findings } = diagnose(inputs, ruleSet, {
    language: 'en',
    metrics: textOf('metrics.txt'),
    metricsBefore: textOf('metrics-before.txt'),
  })
  return {
    capture,
    findings,
    missed: expectedOf(capture).filter((expected) => !isFound(expected, findings)),
    falseAlarms: findings.filter((finding) => isFalse(finding, capture)),
  }
}

export function expectedOf({
  expect,
  expectWithContext = [],
}: LabelledCapture): readonly ExpectedFinding[] {
  return [...expect, ...expectWithContext]
}

function earlierOf(directory: string, file: string): readonly Profile[] {
  return readdirSync(directory)
    .filter((name) => name.startsWith('earlier-'))
    .sort()
    .map((name) => join(directory, name, file))
    .filter((path) => existsSync(path))
    .map(readCaptured)
}

/** The text of a file of the capture, gzipped or not; null without such a file. */
function readText(directory: string, name: string, files: readonly string[]): string | null {
  if (files.includes(name)) return readFileSync(join(directory, name), 'utf8')
  if (!files.includes(`${name}.gz`)) return null
  return gunzipSync(readFileSync(join(directory, `${name}.gz`))).toString('utf8')
}

function readCaptured(path: string): Profile {
  return readProfile(readFileSync(path), { isAsPprof: true })
}

function isFalse(
  { rule, level, profile }: Finding,
  { forbid, allow = [], quiet }: LabelledCapture,
): boolean {
  if (allow.includes(rule)) return false
  if (quiet && level !== 'info') return true
  if (!['cpu', 'goroutine', 'block'].includes(profile)) return false
  return forbid.some((text) => {
    const [id, least = 'info'] = text.split('@')
    return id === rule && LEVEL_ORDER[level] >= levelOf(least)
  })
}

function levelOf(word: string): number {
  const level = (['info', 'warning', 'critical'] as const).find((known) => known === word)
  if (level === undefined) throw new Error(`"${word}" is no level`)
  return LEVEL_ORDER[level]
}
