import {
  type Block,
  findSampleType,
  type Profile,
  ReportError,
  type SampleKind,
  sampleKindOf,
  sumBlocks,
} from '../../profile/index.ts'
import { combineSums } from './combine-sums.ts'
import type { LoadedBlocks } from './load-range.ts'

/** All profiles of a range as one. */
export interface SummedRange {
  /** Of the sample types that are of one kind with the one asked for. */
  readonly profile: Profile
  /** The name of the sample type asked for. */
  readonly type: string
  readonly kind: SampleKind
  readonly profileCount: number
  readonly processCount: number
  readonly restartCount: number
}

/**
 * Sums a range for a sample type, '' for the default one. Throws a SampleTypeError, or a ReportError where the profiles
 * do not fit together or there is nothing to sum.
 */
export function sumRange(loaded: readonly LoadedBlocks[], sampleIndex: string): SummedRange {
  const chosen = loaded.map(({ blocks }) => chooseType(blocks, sampleIndex))
  const [first] = chosen
  if (first === undefined) throw new ReportError(EMPTY)
  const odd = chosen.find(({ type, kind }) => type !== first.type || kind !== first.kind)
  if (odd !== undefined) {
    const texts = [first, odd].map(({ type, kind }) => `${type} (${kind})`)
    throw new ReportError(`the profiles of the range are ${texts.join(' and ')}`)
  }
  const sums = loaded.flatMap(({ blocks, ...options }) => {
    return sumBlocks(blocks, { ...options, kind: first.kind }) ?? []
  })
  if (sums.length === 0) throw new ReportError(EMPTY)
  const total = (count: (sum: (typeof sums)[number]) => number) =>
    sums.reduce((all, sum) => all + count(sum), 0)
  return {
    ...first,
    profile: combineSums(sums.map(({ profile }) => profile)),
    profileCount: total(({ profileCount }) => profileCount),
    processCount: total(({ processCount }) => processCount),
    restartCount: total(({ restartCount }) => restartCount),
  }
}

const EMPTY = 'there is no profile in the range'

interface ChosenType {
  readonly type: string
  readonly kind: SampleKind
}

/** The sample type that the index means in profiles of these blocks. */
export function chooseType([block]: readonly Block[], sampleIndex: string): ChosenType {
  if (block === undefined) throw new ReportError(EMPTY)
  const { shape, headers, tables } = block
  const profile: Profile = {
    ...tables,
    ...shape,
    defaultSampleType: headers[0]?.defaultSampleType ?? '',
    durationNs: shape.isTimed ? 1n : 0n,
  }
  const index = findSampleType(profile, sampleIndex)
  return { type: shape.sampleTypes[index]?.type ?? '', kind: sampleKindOf(profile, index) }
}
