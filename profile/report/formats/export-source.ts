import type { Report } from '../open-report.ts'
import { ReportError } from '../../report-error.ts'
import { printableName, type ReportNode, reportNodes } from '../graph/report-nodes.ts'
import { NONE, type ValueColumn } from '../../types.ts'
import { valueColumnOf } from '../../columns/value-column.ts'
import type { Granularity } from '../../views/frame-names.ts'
import { addWhole, scaleWhole } from '../../units/whole-number.ts'
import type { WholeNumber } from '../../units/format-value.ts'

/** What the writers of other tools' formats have in common: frames by name, and stacks with what was measured there. */
export interface ExportSource {
  readonly nodes: readonly ReportNode[]
  /** How each node reads. */
  readonly names: readonly string[]
  /** The node of each frame; NONE for frames that are left out. */
  readonly nodeOfFrame: Int32Array
  /** A value for each sample. */
  readonly values: ValueColumn
}

/** Throws a ReportError for a mean, which other formats would add up. */
export function openExport(
  { profile, settings, values, divisors }: Report,
  granularity: Granularity = 'functions',
): ExportSource {
  if (divisors !== null) throw new ReportError('means have no sum, so they are not exported')
  const { nodes, nodeOfFrame } = reportNodes(profile, {
    granularity: settings.granularity === '' ? granularity : settings.granularity,
    hidesInlines: settings.noInlines,
    showsColumns: settings.showColumns,
    keepsObjectFiles: false,
    splitsFiles: settings.keepsPprofBugs,
    trim: null,
  })
  const { divideBy } = settings
  return {
    nodes,
    names: nodes.map(printableName),
    nodeOfFrame,
    values: divideBy === 1 ? values : divideValues(values, divideBy),
  }
}

function divideValues(values: ValueColumn, divisor: number): ValueColumn {
  const divided: WholeNumber[] = []
  for (const value of values) divided.push(scaleWhole(value, 1 / divisor))
  return valueColumnOf(divided)
}

/** What was measured at each stack itself, in order of first use. Samples without a stack are under NONE. */
export function sumByStack(
  { profile: { samples } }: Report,
  { values }: ExportSource,
): ReadonlyMap<number, WholeNumber> {
  const sums = new Map<number, WholeNumber>()
  for (let sample = 0; sample < samples.length; sample++) {
    const stack = samples.stack[sample]
    sums.set(stack, addWhole(sums.get(stack) ?? 0, values[sample]))
  }
  return sums
}

/** The nodes from the root to the stack. */
export function nodesOfStack(
  { profile: { stacks } }: Report,
  { nodeOfFrame }: ExportSource,
  leaf: number,
): number[] {
  const nodes: number[] = []
  for (let stack = leaf; stack !== NONE; stack = stacks.parent[stack]) {
    const node = nodeOfFrame[stacks.frame[stack]]
    if (node !== NONE) nodes.push(node)
  }
  return nodes.reverse()
}
