import { type Block, kindsOf, profileCountOf } from './block.ts'
import { chainsOf, grownMsOf, type Link } from './chains.ts'
import { combineHeaders } from '../combine/combine-headers.ts'
import { RangeAdder, type SumOptions } from './range-adder.ts'
import type { SampleKind } from '../origin/sample-kind.ts'
import type { Profile, ValueColumn } from '../types.ts'
import { type UnifiedRows, unifyRows } from './unify-rows.ts'

/** Many profiles as one. */
export interface RangeSum {
  /**
   * Intervals added up; snapshots averaged within a process and added over processes; of cumulative types what they
   * grew by: each profile counts what its process did since the one before, even where that one is before the range.
   * Without that one, or after a gap, it counts nothing; after a restart all that it has. Samples may be 0.
   */
  readonly profile: Profile
  readonly kind: SampleKind
  readonly profileCount: number
  readonly processCount: number
  readonly restartCount: number
  readonly unified: UnifiedRows
}

/**
 * Sums over profiles of blocks of one shape. Null where no profile is selected, or none has the kind. Throws a ReportError
 * where a sum does not fit into 64 bits.
 */
export function sumBlocks(blocks: readonly Block[], options: SumOptions): RangeSum | null {
  const types = typesOfKind(blocks, options.kind)
  const chains = chainsOf(blocks, options.isKept)
  const selected = chains.flat().filter(({ place }) => options.isSelected(place.member))
  if (types.length === 0 || selected.length === 0) return null
  const unified = unifyRows(blocks)
  const adder = new RangeAdder(blocks, unified, { types, chains, ...options })
  const processes = chains.filter((chain) =>
    chain.some(({ place }) => options.isSelected(place.member)),
  )
  for (const chain of processes) adder.add(chain)
  adder.check()
  return {
    profile: profileOf(blocks, { unified, types, values: adder.sums, selected, ...options }),
    kind: options.kind,
    profileCount: selected.reduce((sum, { place }) => sum + profileCountOf(place.member), 0),
    processCount: processes.length,
    restartCount: adder.restartCount,
    unified,
  }
}

/** Rows of the sample types of a kind. */
export function typesOfKind(blocks: readonly Block[], kind: SampleKind): readonly number[] {
  if (blocks.length === 0) return []
  return kindsOf(blocks[0].shape).flatMap((one, type) => (one === kind ? [type] : []))
}

interface Summed extends Pick<SumOptions, 'kind'> {
  readonly unified: UnifiedRows
  readonly types: readonly number[]
  readonly values: readonly ValueColumn[]
  readonly selected: readonly Link[]
}

function profileOf(
  blocks: readonly Block[],
  { kind, unified, types, values, selected }: Summed,
): Profile {
  const { sampleTypes, periodType } = blocks[0].shape
  const headers = selected.map(({ place, place: { block, member }, previous }) => ({
    ...blocks[block].headers[member.header],
    sampleTypes,
    periodType,
    timeNs: member.timeNs,
    durationNs: kind === 'cumulative' ? grownNs({ place, previous }) : member.durationNs,
  }))
  const header = combineHeaders(headers)
  const chosen = types.map((type) => sampleTypes[type])
  const isDefaultLeft = chosen.some(({ type }) => type === header.defaultSampleType)
  return {
    ...unified.tables,
    ...header,
    sampleTypes: chosen,
    defaultSampleType: isDefaultLeft ? header.defaultSampleType : '',
    durationNs: kind === 'snapshot' ? 0n : header.durationNs,
    samples: { ...unified.tables.samples, values },
  }
}

/** The time in which a cumulative value grew. */
function grownNs(link: Link): bigint {
  const { rolled } = link.place.member
  return BigInt((grownMsOf(link) ?? 0) + (rolled?.grownMs ?? 0)) * 1_000_000n
}
