import {
  type Block,
  findSampleType,
  type PartSum,
  type Profile,
  ReportError,
  type SampleKind,
  sampleKindOf,
  shapeKey,
  SumAdder,
  sumBlocks,
} from '../../profile/index.ts'
import { combineSums } from './combine-sums.ts'
import type { LoadedBlocks } from './load-range.ts'
import type { RangeParts } from './range-parts.ts'
import { EmptyRangeError } from './empty-range-error.ts'

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
  const summer = new RangeSummer(sampleIndex, { isKept: true })
  summer.add(loaded)
  return summer.finish()
}

/** The same of what is read part by part. */
export async function sumParts(parts: RangeParts, sampleIndex: string): Promise<SummedRange> {
  const summer = new RangeSummer(sampleIndex, parts)
  await parts.each((loaded) => summer.add(loaded))
  return summer.finish()
}

/** Sums a range group by group, as `sumRange` does where all is there at once. */
export class RangeSummer {
  readonly #sampleIndex: string
  readonly #isKept: boolean
  #chosen: ChosenType | null = null
  /** By shape. */
  readonly #sums = new Map<string, SumAdder>()

  constructor(sampleIndex: string, { isKept }: Pick<RangeParts, 'isKept'>) {
    this.#sampleIndex = sampleIndex
    this.#isKept = isKept
  }

  add(loaded: readonly LoadedBlocks[]): void {
    for (const one of loaded) this.addShape(one)
  }

  /** Rows of the sum of the shape, as `SumAdder.add` names them. */
  addShape({ blocks, ...options }: LoadedBlocks): Int32Array | null {
    const { kind } = (this.#chosen = sameType(this.#chosen, chooseType(blocks, this.#sampleIndex)))
    const sum = sumBlocks(blocks, { ...options, kind })
    if (sum === null) return null
    const key = shapeOf(blocks)
    const adder = this.#sums.get(key) ?? new SumAdder(this.#isKept)
    this.#sums.set(key, adder)
    return adder.add(sum)
  }

  /** The sum of each shape. */
  shapes(): ReadonlyMap<string, PartSum> {
    const found = [...this.#sums].flatMap(([key, adder]) => {
      const sum = adder.finish()
      return sum === null ? [] : [[key, sum] as const]
    })
    return new Map(found)
  }

  finish(): SummedRange {
    const sums = [...this.shapes().values()]
    const chosen = this.#chosen
    if (chosen === null || sums.length === 0) throw new EmptyRangeError()
    const total = (count: (sum: PartSum) => number) =>
      sums.reduce((all, sum) => all + count(sum), 0)
    return {
      ...chosen,
      profile: combineSums(sums.map(({ profile }) => profile)),
      profileCount: total(({ profileCount }) => profileCount),
      processCount: total(({ processCount }) => processCount),
      restartCount: total(({ restartCount }) => restartCount),
    }
  }
}

function sameType(first: ChosenType | null, chosen: ChosenType): ChosenType {
  if (first === null || (first.type === chosen.type && first.kind === chosen.kind)) return chosen
  const texts = [first, chosen].map(({ type, kind }) => `${type} (${kind})`)
  throw new ReportError(`the profiles of the range are ${texts.join(' and ')}`)
}

/** What tells blocks of one shape from others. */
export function shapeOf([block]: readonly Block[]): string {
  return block === undefined ? '' : shapeKey(block.shape)
}

interface ChosenType {
  readonly type: string
  readonly kind: SampleKind
}

/** The sample type that the index means in profiles of these blocks. */
export function chooseType([block]: readonly Block[], sampleIndex: string): ChosenType {
  if (block === undefined) throw new EmptyRangeError()
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
