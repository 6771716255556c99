import type { Report } from '../open-report.ts'
import { nodeTags } from './node-tags.ts'
import { callTreeSource, type GraphSource, graphSource } from './report-graph.ts'
import { reportNodes } from './report-nodes.ts'
import type { ReportSettings } from '../report-settings.ts'
import { type TrimmedGraph, trimGraph, type TrimOptions } from './trim-graph.ts'
import { type VisualGraph, visualGraph } from './visual-graph.ts'

export interface OpenGraphOptions {
  /** How many nodes to show when the settings leave it to the report; 0 for all. */
  readonly nodeCountDefault: number
  readonly hasAllEdges: boolean
  /** Shows all nodes at this granularity, whatever the settings say. */
  readonly forced?: Partial<Pick<ReportSettings, 'granularity' | 'trim' | 'noInlines'>>
  readonly keepsObjectFiles?: boolean
  /** Whether the settings may ask for a tree. */
  readonly hasCallTree?: boolean
}

/** The graph of a report, trimmed as its settings ask. */
export function openGraph(report: Report, options: OpenGraphOptions): TrimmedGraph {
  return trimGraph(openSource(report, options), trimOptions(report, options))
}

/** The graph of a report as it is drawn. */
export function openVisualGraph(report: Report): VisualGraph {
  const options = { nodeCountDefault: 80, hasAllEdges: true, hasCallTree: true }
  const source = openSource(report, options)
  return visualGraph(source, trimOptions(report, options), nodeTags(report, source))
}

function openSource(report: Report, options: OpenGraphOptions): GraphSource {
  const { profile } = report
  const settings = { ...report.settings, ...options.forced }
  const nodes = reportNodes(profile, {
    granularity: settings.granularity === '' ? 'functions' : settings.granularity,
    hidesInlines: settings.noInlines,
    showsColumns: settings.showColumns,
    keepsObjectFiles: options.keepsObjectFiles ?? false,
    splitsFiles: settings.keepsPprofBugs,
    trim: settings.paths,
  })
  const isTree = options.hasCallTree === true && settings.callTree
  return isTree ? callTreeSource(profile, nodes, report) : graphSource(profile, nodes, report)
}

function trimOptions(report: Report, options: OpenGraphOptions): TrimOptions {
  const settings = { ...report.settings, ...options.forced }
  const nodeCount = settings.nodeCount === -1 ? options.nodeCountDefault : settings.nodeCount
  return {
    sort: settings.sort,
    dropsNegative: settings.dropNegative,
    nodeCount: settings.trim ? nodeCount : 0,
    nodeFraction: settings.trim ? settings.nodeFraction : 0,
    edgeFraction: settings.trim ? settings.edgeFraction : 0,
    hasAllEdges: options.hasAllEdges,
  }
}
