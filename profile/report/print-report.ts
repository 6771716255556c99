import type { Report } from './open-report.ts'
import { callgrindReport } from './formats/callgrind-report.ts'
import { commentsReport } from './text/comments-report.ts'
import { csvReport } from './formats/csv-report.ts'
import { dotReport } from './formats/dot-report.ts'
import { foldedReport } from './formats/folded-report.ts'
import { jsonReport } from './formats/json-report.ts'
import { protoReport, topProtoReport } from './formats/proto-report.ts'
import { rawReport } from './text/raw-report.ts'
import { speedscopeReport } from './formats/speedscope-report.ts'
import { tagsReport } from './text/tags-report.ts'
import { topReport } from './text/top-report.ts'
import { tracesReport } from './text/traces-report.ts'
import { peekReport, treeReport } from './text/tree-report.ts'

/**
 * Prints a report, in one piece or in several. Bytes hold what they say until `write` returns. Throws a ReportError.
 */
export type PrintReport = (report: Report, write: (chunk: string | Uint8Array) => void) => void

/** The reports in profile.proto, not compressed. */
export const PROTO_REPORTS = { proto: protoReport, topproto: topProtoReport } as const

/** The reports in text, under pprof's names; the last four are ours. */
export const TEXT_REPORTS = {
  top: whole(topReport),
  text: whole(topReport),
  tree: whole(treeReport),
  peek: whole(peekReport),
  tags: whole(tagsReport),
  comments: whole(commentsReport),
  dot: whole(dotReport),
  callgrind: whole(callgrindReport),
  traces: tracesReport,
  raw: rawReport,
  folded: foldedReport,
  speedscope: speedscopeReport,
  json: jsonReport,
  csv: whole(csvReport),
} satisfies Readonly<Record<string, PrintReport>>

export type TextReportName = keyof typeof TEXT_REPORTS

function whole(print: (report: Report) => string): PrintReport {
  return (report, write) => write(print(report))
}
