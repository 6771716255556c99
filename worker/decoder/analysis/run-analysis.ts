import type { RuleSet } from '../../../diagnosis/index.ts'
import { readProfile } from '../../../gzip/node.ts'
import type { UnpackedProfiles } from '../../../history/index.ts'
import { type Profile, ProfileFormatError } from '../../../profile/index.ts'
import { type BlobStore, faultOf, packReports, readBlob } from '../../../store/blobs.ts'
import type { EarlierProfile } from '../../../store/index.ts'
import type { AnalyseTask, DecoderResults } from '../../pool/decoder-task.ts'
import { growthVerdict } from './growth-verdict.ts'
import {
  addToBaseline,
  inferTypeOf,
  judgeProfile,
  openBaseline,
  toAppError,
} from '../../../judge/index.ts'
import { packColumns } from '../pack-columns.ts'
import { profileFacts } from './profile-facts.ts'
import { seenFindings } from './seen-findings.ts'

const NS_PER_MS = 1_000_000n
/**
 * Files of this size, inflated, are decoded for each view: about 1 MiB of gzip, which takes 60 ms of processor time where
 * columns take 18, and an apiserver's 47 KB 1.8 where they take 1.2.
 */
const QUICK_FILE_BYTES_MAX = 4 * 1024 * 1024

export interface AnalysisTools {
  readonly blobs: Pick<BlobStore, 'get' | 'put'>
  readonly ruleSet: RuleSet
  /** Of what history packs soon. */
  readonly unpacked: Pick<UnpackedProfiles, 'keep'>
}

/**
 * Runs one analysis within a decoder process: turns raw bytes into a report, and into columns, which it stores, where
 * the file takes long to decode. Throws PROFILE_INVALID, PROFILE_TOO_LARGE, BLOB_MISSING, BLOB_CORRUPT, and the errors
 * of the blob store.
 */
export async function runAnalysis(
  { blobs, ruleSet, unpacked }: AnalysisTools,
  { rawBlobKey, source, earlier, baseline: stored }: AnalyseTask,
): Promise<DecoderResults['analyse']> {
  const bytes = await readBlob(blobs, rawBlobKey)
  const profile = decode(bytes)
  const inflateRatio = inflateRatioOf(bytes)
  const inflatedBytes = Math.max(1, inflateRatio) * bytes.length
  const columns =
    inflatedBytes <= QUICK_FILE_BYTES_MAX ? null : await blobs.put(packColumns(profile))
  const inferredType = inferTypeOf(profile, source)
  const type = source.type ?? inferredType
  const candidate = earlier.find((one) => one.type === type)
  const previous = await readEarlier(blobs, profile, candidate)
  const baseline = stored === null ? null : openBaseline(stored, atMsOf(profile, source, stored))
  const before = { previous, baseline }
  const judged = judgeProfile(profile, { ...source, type }, ruleSet, before)
  const { reports, worstFinding, findingCount } = judged
  const [origin] = judged.origins
  const facts = profileFacts(profile, { type: inferredType, origin, nowMs: Date.now() })
  const seen = seenFindings(reports, ruleSet, () => null)
  const measured = stored === null ? null : addToBaseline(stored, judged.measured())
  // Profiles without a target are in no history.
  if (source.target !== null) unpacked.keep(rawBlobKey, profile, inflatedBytes)
  return {
    columns,
    facts,
    reports: packReports(reports),
    worstFinding,
    findingCount,
    seen,
    measured,
    inflateRatio,
  }
}

const GZIP_TRAILER_BYTES = 4

/** A gzip file ends with its inflated size, which was checked as it was read; 1 for what is not one. */
function inflateRatioOf(bytes: Uint8Array): number {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return 1
  const { buffer, byteOffset, byteLength } = bytes
  const trailer = new DataView(buffer, byteOffset + byteLength - GZIP_TRAILER_BYTES)
  return trailer.getUint32(0, true) / byteLength
}

/** When it was taken: as the uploader says, as the profile says, or when it came. */
function atMsOf(
  { timeNs }: Profile,
  { takenAtMs }: AnalyseTask['source'],
  { atMs }: { readonly atMs: number },
): number {
  return takenAtMs ?? (timeNs > 0n ? Number(timeNs / NS_PER_MS) : atMs)
}

/** The earlier profile of the same process: none of its values exceeds the current one. */
async function readEarlier(
  blobs: AnalysisTools['blobs'],
  profile: Profile,
  candidate: EarlierProfile | undefined,
): Promise<Profile | null> {
  if (candidate === undefined) return null
  try {
    const previous = readProfile(await readBlob(blobs, candidate.rawBlobKey))
    return growthVerdict(previous, profile) === 'grown' ? previous : null
  } catch (error) {
    // A fault of the earlier profile must not fail this analysis.
    if (error instanceof ProfileFormatError || faultOf(error) !== null) return null
    throw error
  }
}

function decode(bytes: Uint8Array): Profile {
  try {
    return readProfile(bytes)
  } catch (error) {
    throw error instanceof ProfileFormatError ? toAppError(error) : error
  }
}
