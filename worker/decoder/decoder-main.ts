// The entry of a decoder process. Its one argument is DecoderSettings as JSON.
import { computeExport } from './views/compute-export.ts'
import { overTimeHandlers } from './ranges/compute-over-time.ts'
import { viewHandlers } from './views/compute-view.ts'
import { openViewedProfiles } from './viewed-profiles.ts'
import { computeColumns, readRedacted } from './views/redacted-columns.ts'
import { rangeHandlers } from './ranges/compute-range.ts'
import { openUnpackedProfiles } from '../../history/index.ts'
import { packHistory } from './ranges/pack-history.ts'
import { readDecoderSettings } from '../pool/decoder-settings.ts'
import { loadRules } from '../../judge/index.ts'
import { openDecoderBlobs } from './open-decoder-blobs.ts'
import { relayedHistory } from './ranges/relayed-history.ts'
import { runAnalysis } from './analysis/run-analysis.ts'
import { runJudgement } from './analysis/run-judgement.ts'
import { serveDecoder } from './serve-decoder.ts'
import { refusingQueries } from './view-errors.ts'
import { summariseTraceFile } from './analysis/summarise-trace-file.ts'

const settings = readDecoderSettings(process.argv)
const blobs = await openDecoderBlobs(settings.blobs)
const viewed = openViewedProfiles(blobs)
const unpacked = openUnpackedProfiles()
const historyBlobs = { ...blobs, unpacked }
const { ruleSet } = await loadRules(settings.rulesDirectory, settings.furtherRules)

serveDecoder({
  analyse: (task) => runAnalysis({ blobs, ruleSet, unpacked }, task),
  judge: (task) => runJudgement({ blobs, ruleSet }, task),
  trace: ({ blobKey }) => summariseTraceFile(blobs, blobKey),
  ...viewHandlers(viewed, blobs),
  export: refusingQueries(async (task) =>
    computeExport(await readRedacted(blobs, task), task.query),
  ),
  columns: refusingQueries((task) => computeColumns(blobs, task)),
  ...overTimeHandlers(blobs),
  ...packHistory(historyBlobs),
  ...rangeHandlers(historyBlobs, relayedHistory(), ruleSet),
})
