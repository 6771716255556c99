import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { AppError } from '../api/errors.ts'
import type { Report } from '../api/index.ts'
import type { RuleSet } from '../diagnosis/index.ts'
import { readProfile } from '../gzip/node.ts'
import { encodeColumns, type Profile, ProfileFormatError } from '../profile/index.ts'
import { type BlobStore, sha256OfKey } from '../store/blobs.ts'
import type { AnalysisResult } from '../store/index.ts'
import type { DecoderTask } from './decoder-task.ts'
import { judgeProfile } from './judge-profile.ts'
import { profileFacts } from './profile-facts.ts'
import { toAppError } from './profile-refusal.ts'

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
  { rawBlobKey, source }: Extract<DecoderTask, { readonly kind: 'analyse' }>,
): Promise<AnalysisResult> {
  const bytes = await blobs.get(rawBlobKey)
  if (bytes === null) throw new AppError('BLOB_MISSING')
  if (createHash('sha256').update(bytes).digest('hex') !== sha256OfKey(rawBlobKey)) {
    throw new AppError('BLOB_CORRUPT')
  }
  const profile = decode(bytes)
  const columns = await blobs.put(gzipSync(encodeColumns(profile)))
  const { reports, worstFinding } = judgeProfile(profile, source, ruleSet)
  const facts = profileFacts(profile, { nowMs: Date.now() })
  return { columns, facts: { ...facts, ...originOf(reports.en) }, reports, worstFinding }
}

/** What was told from the names of functions, or from their absence. */
function originOf({ inputs: [input] }: Report) {
  return {
    component: input?.component ?? null,
    kubernetesVersion: input?.kubernetesVersion ?? null,
    goVersion: input?.goVersion ?? null,
  }
}

function decode(bytes: Uint8Array): Profile {
  try {
    return readProfile(bytes)
  } catch (error) {
    throw error instanceof ProfileFormatError ? toAppError(error) : error
  }
}
