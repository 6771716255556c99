import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RuleSet } from '../../diagnosis/index.ts'
import { expectedOf, type JudgedCapture, judgeCaptures } from './labelled-captures.ts'

/** Captures that no rule was tuned to: the judgement of today, and the figures of the first one. */
export interface FirstSight {
  readonly title: string
  /** Its folder below `test/fixtures/`. */
  readonly folder: string
  readonly judged: readonly JudgedCapture[]
  readonly atFirst: FirstFigures
}

/** `at-first-sight.json`: figures that never change, for a rule meets a capture for the first time once. */
export interface FirstFigures {
  /** The commit whose rules it were. */
  readonly commit: string
  readonly expected: number
  readonly found: number
  readonly falseAlarms: number
  /** How many labels were wrong, so that what they asked for counts as found, and why. */
  readonly labelErrorCount: number
  readonly labelErrors: readonly string[]
  /** Remedies of all findings, compared by a person with what the running version supports. */
  readonly remedies: { readonly read: number; readonly wrong: number }
  /** What was missed, false or wrongly advised, one sentence each, and what was done about it. */
  readonly faults: readonly string[]
  /** What is still missed or false, as `CAPTURE: RULE`. */
  readonly open: readonly string[]
}

/** The sets by their folders, oldest first: the rules were mended after each of them. */
const SETS = [
  { title: 'First sight', folder: 'first-sight' },
  { title: 'First sight, second set', folder: 'first-sight-2' },
  { title: 'First sight, third set', folder: 'first-sight-3' },
  { title: 'First sight, fourth set', folder: 'first-sight-4' },
  { title: 'First sight, fifth set', folder: 'first-sight-5' },
  { title: 'First sight, sixth set', folder: 'first-sight-6' },
  { title: 'First sight, seventh set', folder: 'first-sight-7' },
  { title: 'First sight, eighth set', folder: 'first-sight-8' },
  { title: 'First sight, ninth set', folder: 'first-sight-9' },
  { title: 'First sight, tenth set', folder: 'first-sight-10' },
  { title: 'First sight, eleventh set', folder: 'first-sight-11' },
  { title: 'First sight, twelfth set', folder: 'first-sight-12' },
  { title: 'First sight, thirteenth set', folder: 'first-sight-13' },
  { title: 'First sight, fourteenth set', folder: 'first-sight-14' },
  { title: 'First sight, fifteenth set', folder: 'first-sight-15' },
  { title: 'First sight, sixteenth set', folder: 'first-sight-16' },
  { title: 'First sight, seventeenth set', folder: 'first-sight-17' },
  { title: 'First sight, eighteenth set', folder: 'first-sight-18' },
  { title: 'First sight, nineteenth set', folder: 'first-sight-19' },
  { title: 'First sight, twentieth set', folder: 'first-sight-20' },
  { title: 'First sight, twenty-first set', folder: 'first-sight-21' },
  { title: 'First sight, twenty-second set', folder: 'first-sight-22' },
  { title: 'First sight, twenty-third set', folder: 'first-sight-23' },
  { title: 'First sight, twenty-fourth set', folder: 'first-sight-24' },
  { title: 'First sight, twenty-fifth set', folder: 'first-sight-25' },
  { title: 'First sight, twenty-sixth set', folder: 'first-sight-26' },
  { title: 'First sight, twenty-seventh set', folder: 'first-sight-27' },
  { title: 'First sight, twenty-eighth set', folder: 'first-sight-28' },
  { title: 'First sight, twenty-ninth set', folder: 'first-sight-29' },
]

/** Reads and judges each set of such captures below `test/fixtures/`. */
export function readFirstSight(fixtures: string, ruleSet: RuleSet): readonly FirstSight[] {
  return SETS.map(({ title, folder }) => {
    const directory = join(fixtures, folder)
    const figures = readFileSync(join(directory, 'at-first-sight.json'), 'utf8')
    const atFirst: FirstFigures = JSON.parse(figures)
    return { title, folder, judged: judgeCaptures(directory, ruleSet), atFirst }
  })
}

/** The figures of captures that no rule was tuned to: at first sight, and since the faults were mended. */
export function firstSightLines({ title, folder, judged, atFirst }: FirstSight): readonly string[] {
  const { commit, expected, found, falseAlarms, remedies, labelErrorCount } = atFirst
  const expectedNow = judged.flatMap(({ capture }) => expectedOf(capture)).length
  const missedNow = judged.flatMap(({ missed }) => missed).length
  const alarmsNow = judged.flatMap((capture) => capture.falseAlarms).length
  const quiet = judged.filter(({ capture }) => capture.quiet).length
  return [
    `## ${title}`,
    '',
    'Captures from versions and loads that no rule had been tuned to. Their labels were committed before the diagnosis was',
    `run on them, with the rules of \`${commit}\`. They lie in [\`test/fixtures/${folder}\`](../test/fixtures/README.md), are`,
    'judged as whole captures (profiles, metrics, version) and count in no other figure of this page.',
    '',
    '| | at first sight | now |',
    '|---|---|---|',
    `| captures | ${judged.length}, ${quiet} of them of a healthy process | |`,
    `| recall, as labelled | ${found} of ${expected} | |`,
    `| recall, without errors of labels | ${found + labelErrorCount} of ${expected} | ${expectedNow - missedNow} of ${expectedNow} |`,
    `| false alarms | ${falseAlarms} | ${alarmsNow} |`,
    `| wrong remedies | ${remedies.wrong} of ${remedies.read} read | |`,
    '',
    ...listed('Errors of labels, found by the numbers in their own reasons:', atFirst.labelErrors),
    ...listed('What was missed, false or wrongly advised at first sight:', atFirst.faults),
    ...listed('What still is:', atFirst.open),
  ]
}

function listed(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [title, '', ...items.map((item) => `- ${item}`), '']
}
