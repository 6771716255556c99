import { AppError } from '../../../api/errors.ts'
import type { RuleSet } from '../../../diagnosis/index.ts'
import { type BlobStore, faultOf, packReports, readBlob } from '../../../store/blobs.ts'
import type { JudgementResult, StoredCaptureFile } from '../../../store/index.ts'
import {
  addToBaseline,
  type CaptureContents,
  type CaptureFault,
  type CaptureFile,
  requestsOfCapture,
  previousOf,
  readCapture,
  judgeCapture,
  openBaseline,
  processFacts,
} from '../../../judge/index.ts'
import type { JudgeTask } from '../../pool/decoder-task.ts'
import { growthVerdict } from './growth-verdict.ts'
import { seenFindings } from './seen-findings.ts'

export interface JudgementTools {
  readonly blobs: Pick<BlobStore, 'get'>
  readonly ruleSet: RuleSet
}

/**
 * Judges a capture as a whole within a decoder process. Throws CAPTURE_FAILED when none of its
 * profiles can be read, BLOB_MISSING, BLOB_CORRUPT, and the errors of the blob store.
 */
export async function runJudgement(
  { blobs, ruleSet }: JudgementTools,
  { component, address, files, earlier, baseline }: JudgeTask,
): Promise<JudgementResult> {
  const capture = await readStored(blobs, files)
  if (capture.profiles.length === 0) throw nothingToJudge(capture.faults)
  const history = await findHistory(blobs, capture, earlier)
  const source = {
    component,
    address,
    earlier: history.map(({ contents }) => contents),
    baseline: baseline === null ? null : openBaseline(baseline),
  }
  const judged = judgeCapture(capture, source, ruleSet)
  const { reports, origins, worstFinding, findingCount } = judged
  const facts = processFacts(capture, origins)
  const profileIds = new Map(files.map(({ name, profileId }) => [name, profileId]))
  return {
    reports: packReports(reports),
    worstFinding,
    findingCount,
    ...facts,
    processStartedAtMs: startedAtMsOf(capture),
    requests: requestsOfCapture(capture, component ?? facts.component),
    previousCaptureId: history.at(-1)?.captureId ?? null,
    seen: seenFindings(reports, ruleSet, (path) => profileIds.get(path) ?? null),
    measured: baseline === null ? null : addToBaseline(baseline, judged.measured()),
  }
}

/** Sorted by name, like the files of a folder. */
async function readStored(
  blobs: JudgementTools['blobs'],
  files: readonly StoredCaptureFile[],
): Promise<CaptureContents> {
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return readCapture(
    sorted.map(({ name, blobKey }): CaptureFile => ({
      name,
      read: () => readBlob(blobs, blobKey),
    })),
  )
}

function nothingToJudge([fault]: readonly CaptureFault[]): AppError {
  if (fault === undefined) return new AppError('CAPTURE_FAILED')
  return new AppError('CAPTURE_FAILED', {
    message: `None of the profiles can be read. ${fault.name}: ${fault.error.message}`,
    details: { fileName: fault.name },
  })
}

interface EarlierContents {
  readonly captureId: string
  readonly contents: CaptureContents
}

/** The earlier captures of the same process, oldest first. */
async function findHistory(
  blobs: JudgementTools['blobs'],
  capture: CaptureContents,
  earlier: JudgeTask['earlier'],
): Promise<readonly EarlierContents[]> {
  const history: EarlierContents[] = []
  for (const { captureId, files } of earlier) {
    try {
      const contents = await readStored(blobs, files)
      if (isSameProcess(contents, capture)) history.unshift({ captureId, contents })
    } catch (error) {
      // An earlier capture may be deleted meanwhile, or damaged; this one can be judged without it.
      if (faultOf(error) === null) throw error
    }
  }
  return history
}

/**
 * A different start time means a different process, and cumulative values of one process never
 * decrease.
 */
function isSameProcess(earlier: CaptureContents, capture: CaptureContents): boolean {
  const [startedMs, earlierStartedMs] = [startedAtMsOf(capture), startedAtMsOf(earlier)]
  const isStartKnown = startedMs !== null && earlierStartedMs !== null
  if (isStartKnown && startedMs !== earlierStartedMs) return false
  const verdicts = capture.profiles.flatMap((named) => {
    const previous = previousOf(named, capture, earlier)
    return previous === null ? [] : [growthVerdict(previous, named.profile)]
  })
  if (verdicts.includes('restarted') || verdicts.includes('out_of_order')) return false
  return isStartKnown || verdicts.includes('grown')
}

/** https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics */
const PROCESS_START = /^process_start_time_seconds(?:\{[^}\n]*\})? (\S+)/m

function startedAtMsOf({ metrics, metricsBefore }: CaptureContents): number | null {
  const page = metrics ?? metricsBefore
  const seconds = page === null ? Number.NaN : Number(PROCESS_START.exec(page)?.[1])
  return Number.isFinite(seconds) ? Math.round(seconds * 1000) : null
}
