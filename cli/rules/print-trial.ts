import type { RuleTrial, TriedPath } from '../../diagnosis/index.ts'
import { formatShare } from '../../profile/index.ts'
import type { CommandIo } from '../terminal/command-io.ts'

const FUNCS_SHOWN_MAX = 5
/** Numbers worth a column; the others follow from them. */
const NUMBERS = ['share', 'lo', 'cores', 'count', 'rate', 'mean'] as const

/** Prints what a rule matched in a profile, and what it nearly matched. */
export function printTrial(trial: RuleTrial, io: CommandIo): void {
  const { reads, group, measures, levels, paths } = trial
  const lines = [`${reads}${group === null ? '' : ` [${group}]`}`]
  if (levels.length === 0) lines.push('  nothing matched, or the rule is not for this component')
  for (const { level, text, truth } of levels) {
    lines.push(`  ${level.padEnd(8)} ${truth.padEnd(7)} ${text}`)
  }
  for (const [name, numbers] of measures) {
    const columns = NUMBERS.map((number) => `${number} ${short(numbers[number])}`)
    lines.push(`  ${name.padEnd(10)} ${columns.join('  ')}`)
  }
  io.writeOut(`${[...lines, ...paths.flatMap(pathLines)].join('\n')}\n`)
}

function pathLines({ measure, list, text, share, steps }: TriedPath): readonly string[] {
  return [
    `  ${measure}.${list}: ${text}`,
    `    matches ${formatShare(share)}`,
    ...steps.flatMap(({ funcs, share }, row) => {
      const shown = funcs.slice(0, FUNCS_SHOWN_MAX)
      const more =
        funcs.length > shown.length ? [`        … ${funcs.length - shown.length} more`] : []
      const found = funcs.length === 0 ? 'no function' : `${funcs.length} functions`
      return [
        `      step ${row + 1}: ${found}, in ${formatShare(share)} of the stacks`,
        ...shown.map((name) => `        ${name}`),
        ...more,
      ]
    }),
  ]
}

function short(value: number | null): string {
  if (value === null) return '?'
  return Number.isInteger(value) ? String(value) : value.toPrecision(3)
}
