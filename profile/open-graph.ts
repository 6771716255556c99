import type { Report } from './open-report.ts'
import { graphSource } from './report-graph.ts'
import { reportNodes } from './report-nodes.ts'
import type { ReportSettings } from './report-settings.ts'
import { type TrimmedGraph, trimGraph } from './trim-graph.ts'

export interface OpenGraphOptions {
  /** How many nodes to show when the settings leave it to the report; 0 for all. */
  readonly nodeCountDefault: number
  readonly hasAllEdges: boolean
  /** Shows all nodes at this granularity, whatever the settings say. */
  readonly forced?: Partial<Pick<ReportSettings, 'granularity' | 'trim' | 'noInlines'>>
  readonly keepsObjectFiles?: boolean
}

/** The graph of a report, trimmed as its settings ask. */
export function openGraph(report: Report, options: OpenGraphOptions): TrimmedGraph {
  const { profile, values, divisors } = report
  const settings = { ...report.settings, ...options.forced }
  const nodes = reportNodes(profile, {
    granularity: settings.granularity === '' ? 'functions' : settings.granularity,
    hidesInlines: settings.noInlines,
    showsColumns: settings.showColumns,
    keepsObjectFiles: options.keepsObjectFiles ?? false,
    trim: settings.paths,
  })
  const nodeCount = settings.nodeCount === -1 ? options.nodeCountDefault : settings.nodeCount
  return trimGraph(graphSource(profile, nodes, { values, divisors }), {
    sort: settings.sort,
    dropsNegative: settings.dropNegative,
    nodeCount: settings.trim ? nodeCount : 0,
    nodeFraction: settings.trim ? settings.nodeFraction : 0,
    edgeFraction: settings.trim ? settings.edgeFraction : 0,
    hasAllEdges: options.hasAllEdges,
  })
}
