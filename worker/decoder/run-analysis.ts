import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { AppError } from '../../api/errors.ts'
import type { RuleSet } from '../../diagnosis/index.ts'
import { readProfile } from '../../gzip/node.ts'
import { encodeColumns, type Profile, ProfileFormatError } from '../../profile/index.ts'
import { type BlobStore, sha256OfKey } from '../../store/blobs.ts'
import type { AnalysisResult, EarlierProfile } from '../../store/index.ts'
import type { AnalyseTask } from '../pool/decoder-task.ts'
import { growthVerdict } from './growth-verdict.ts'
import { inferTypeOf, judgeProfile, toAppError } from '../../judge/index.ts'
import { profileFacts } from './profile-facts.ts'

export interface AnalysisTools {
  readonly blobs: Pick<BlobStore, 'get' | 'put'>
  readonly ruleSet: RuleSet
}

/**
 * The work of one analysis, within a decoder process: raw bytes to columns, which it stores itself, and to a report.
 * Throws PROFILE_INVALID and its kin, BLOB_MISSING, BLOB_CORRUPT, and what the blob store throws.
 */
export async function runAnalysis(
  { blobs, ruleSet }: AnalysisTools,
  { rawBlobKey, source, earlier }: AnalyseTask,
): Promise<AnalysisResult> {
  const bytes = await blobs.get(rawBlobKey)
  if (bytes === null) throw new AppError('BLOB_MISSING')
  if (createHash('sha256').update(bytes).digest('hex') !== sha256OfKey(rawBlobKey)) {
    throw new AppError('BLOB_CORRUPT')
  }
  const profile = decode(bytes)
  const columns = await blobs.put(gzipSync(encodeColumns(profile)))
  const inferredType = inferTypeOf(profile, source)
  const type = source.type ?? inferredType
  const candidate = earlier.find((one) => one.type === type)
  const previous = await readEarlier(blobs, profile, candidate)
  const judged = judgeProfile(profile, { ...source, type }, ruleSet, previous)
  const { reports, worstFinding, findingCount } = judged
  const [origin] = judged.origins
  const facts = profileFacts(profile, { type: inferredType, origin, nowMs: Date.now() })
  return { columns, facts, reports, worstFinding, findingCount }
}

/** The earlier profile that this one goes on from: nothing in it is more than it is now. */
async function readEarlier(
  blobs: AnalysisTools['blobs'],
  profile: Profile,
  candidate: EarlierProfile | undefined,
): Promise<Profile | null> {
  const bytes = candidate === undefined ? null : await blobs.get(candidate.rawBlobKey)
  if (bytes === null) return null
  try {
    const previous = readProfile(bytes)
    return growthVerdict(previous, profile) === 'grown' ? previous : null
  } catch (error) {
    // It was read before; whatever is wrong with it now is nothing to this profile.
    if (error instanceof ProfileFormatError) return null
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
