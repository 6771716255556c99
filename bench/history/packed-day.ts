import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { readProfile } from '../../gzip/node.ts'
import {
  openUnpackedProfiles,
  packBlocks,
  rollUpDays,
  type UnpackedProfiles,
} from '../../history/index.ts'
import { judgeProfile, loadRules } from '../../judge/index.ts'
import {
  type Block,
  decodeColumns,
  encodeBlock,
  encodeColumns,
  encodeProfile,
  type Profile,
} from '../../profile/index.ts'
import {
  type BlobStore,
  type HistoryBlock,
  type PackedBlock,
  type PendingProfile,
  readBlob,
} from '../../store/index.ts'
import { ownCpuMs } from '../costs.ts'
import { DAY, heavyTailDay } from '../inputs/heavy-tail-day.ts'
import { spreadOf } from '../measure.ts'
import { memoryBlobs } from './memory-blobs.ts'

export const DAY_PROFILES = 1440
const DAY_MS = DAY_PROFILES * DAY.stepMs
const HOUR_PROFILES = 60
/** As many as wait when a profile comes every half minute and five minutes is the longest that one waits. */
const BATCH = 10
/** Every so many profiles one is analysed, and compressed as a file. */
const SAMPLED = 24
/** As an analysis stores them. */
const COLUMNS_LEVEL = 3
const SOURCE = { component: 'kube-apiserver', type: 'cpu', fileName: null, target: 'api' } as const

/** A day of a process, as a worker packs it. */
export interface MadeDay {
  readonly blobs: Pick<BlobStore, 'get'>
  readonly hours: readonly HistoryBlock[]
  readonly lastHour: Uint8Array
  readonly day: Uint8Array
  readonly rolledHours: Uint8Array
  /** Of all its profiles as files, by a sample of them. */
  readonly gzipBytes: number
  /** Of each profile from its analysis to its month; what reading its file takes, for those not kept; and its analysis. */
  readonly appendMs: number
  readonly readMs: number
  readonly analysisMs: number
}

export async function packedDay(seed: number, day: number): Promise<MadeDay> {
  const startMs = DAY.startMs + day * DAY_MS
  const unpacked = openUnpackedProfiles()
  const blobs = { ...memoryBlobs(), unpacked }
  const hours: HistoryBlock[] = []
  const [analyses, reads]: [number[], number[]] = [[], []]
  let [index, appendMs, gzipBytes] = [0, 0, 0]
  const timed = async <Made>(work: () => Promise<Made>): Promise<Made> => {
    const start = ownCpuMs()
    const made = await work()
    appendMs += ownCpuMs() - start
    return made
  }
  const pack = async (change: {
    readonly blocks?: readonly HistoryBlock[]
    readonly pending?: readonly PendingProfile[]
    readonly isWholeDay?: boolean
  }) => {
    const input = { blocks: [], pending: [], skippedIds: [], isWholeDay: false, ...change }
    const { blocks } = await timed(() => packBlocks(blobs, input))
    return blocks.map((block) => rowOf(block, startMs))
  }
  let pending: PendingProfile[] = []
  let batches: HistoryBlock[] = []
  const { ruleSet } = await loadRules()
  for (const profile of heavyTailDay({ ...DAY, seed, startMs, count: DAY_PROFILES })) {
    if (index % SAMPLED === 0) {
      const file = gzipSync(encodeProfile(profile))
      gzipBytes += file.length * SAMPLED
      const start = ownCpuMs()
      const read = readProfile(file)
      reads.push(ownCpuMs() - start)
      analyse(read, ruleSet)
      analyses.push(ownCpuMs() - start)
    }
    pending.push(pendingOf(unpacked, profile, { day, index, startMs }))
    index++
    if (pending.length < BATCH) continue
    batches.push(...(await pack({ pending })))
    unpacked.forget(pending.map(({ rawBlobKey }) => rawBlobKey))
    pending = []
    if (index % HOUR_PROFILES !== 0) continue
    hours.push(...(await pack({ blocks: batches })))
    batches = []
  }
  const packed = await pack({ blocks: hours, isWholeDay: true })
  const rolled = packed.filter(({ level }) => level === 'hour')
  await timed(() => rollUpDays(blobs, { days: [startMs], hours: rolled, months: [] }))
  const bytesOf = (block: HistoryBlock | undefined) => readBlob(blobs, block?.blobKey ?? '')
  return {
    blobs,
    hours,
    lastHour: await bytesOf(hours.at(-1)),
    day: await bytesOf(packed.find(({ level }) => level === 'full')),
    rolledHours: await bytesOf(rolled[0]),
    gzipBytes,
    appendMs: appendMs / DAY_PROFILES,
    readMs: spreadOf(reads).median,
    analysisMs: spreadOf(analyses).median,
  }
}

/** What a decoder process does with each profile that it has read. */
function analyse(profile: Profile, ruleSet: Parameters<typeof judgeProfile>[2]): void {
  gzipSync(encodeColumns(profile), { level: COLUMNS_LEVEL })
  judgeProfile(profile, SOURCE, ruleSet).measured()
}

/** A profile that waits, kept by the process that has analysed it: with strings of its own, as if it came from a file. */
function pendingOf(
  unpacked: Pick<UnpackedProfiles, 'keep'>,
  profile: Profile,
  at: { readonly day: number; readonly index: number; readonly startMs: number },
): PendingProfile {
  const profileId = `${at.day} ${String(at.index).padStart(6, '0')}`
  const columns = encodeColumns(profile)
  unpacked.keep(profileId, decodeColumns(columns), columns.length)
  return {
    profileId,
    seriesId: 's',
    process: 'p',
    atMs: at.startMs + at.index * DAY.stepMs,
    rawBlobKey: profileId,
    columnsBlobKey: null,
    decoderVersion: '1',
  }
}

function rowOf({ blob, ...packed }: PackedBlock, dayMs: number): HistoryBlock {
  const { level, shape, fromMs, lastMs, profileCount } = packed
  const { key: blobKey, sizeBytes } = blob
  return { id: blobKey, blobKey, level, dayMs, shape, fromMs, lastMs, profileCount, sizeBytes }
}

/** A block as packing stores it. */
export function stored(block: Block): Uint8Array {
  const params = { [constants.ZSTD_c_compressionLevel]: 3 }
  return zstdCompressSync(encodeBlock(block), { params })
}
