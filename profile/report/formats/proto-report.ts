import { encodeProfile } from '../../codec/encode-profile.ts'
import { openGraph } from '../graph/open-graph.ts'
import type { Report } from '../open-report.ts'
import { ProfileBuilder } from '../../columns/profile-builder.ts'
import { meanAt } from '../graph/report-graph.ts'
import { outputUnit } from '../graph/report-header.ts'
import { rewriteStacks } from '../../filter/rewrite-stacks.ts'
import { scaleValue, type WholeNumber } from '../../units/format-value.ts'
import type { Profile } from '../../types.ts'
import { valueColumnOf } from '../../columns/value-column.ts'
import { scaleWhole, wholeOf } from '../../units/whole-number.ts'

/**
 * `-proto`: the profile that the sources and filters make, as profile.proto, not compressed. It opens on the sample type
 * that was chosen, as pprof's does since November 2026.
 */
export function protoReport(report: Report): Uint8Array<ArrayBuffer> {
  const { settings, sampleType } = report
  const defaultSampleType = settings.mean ? sampleType.type.slice('mean_'.length) : sampleType.type
  const profile = { ...report.profile, defaultSampleType }
  const whole = settings.noInlines ? withoutInlines(profile) : profile
  const ratio = 1 / settings.divideBy
  return encodeProfile(ratio > 0 && ratio !== 1 ? divideValues(whole, ratio) : whole)
}

function withoutInlines(profile: Profile): Profile {
  const { locations, frames } = profile
  const keptFrames = new Uint8Array(frames.length)
  for (let location = 0; location < locations.length; location++) {
    keptFrames[locations.frameStart[location]] = 1
  }
  return rewriteStacks(profile, { keptFrames, rootState: 1, step: () => 1 }).profile
}

function divideValues(profile: Profile, ratio: number): Profile {
  const { samples } = profile
  const values = samples.values.map((column) => {
    const divided: WholeNumber[] = []
    for (const value of column) divided.push(scaleWhole(value, ratio))
    return valueColumnOf(divided)
  })
  return { ...profile, samples: { ...samples, values } }
}

/** `-topproto`: a profile whose samples are the rows of `-top`. */
export function topProtoReport(report: Report): Uint8Array<ArrayBuffer> {
  const graph = openGraph(report, { nodeCountDefault: 0, hasAllEdges: true })
  const { timeNs, durationNs, periodType, period } = report.profile
  const unit = outputUnit(report, graph)
  const sampleTypes = ['cum', 'flat'].map((type) => ({ type, unit }))
  const builder = new ProfileBuilder({ sampleTypes, timeNs, durationNs, periodType, period })
  const scaled = (value: WholeNumber) =>
    wholeOf(scaleValue(value, report.sampleType.unit, unit).value)
  for (const node of graph.shown) {
    const { name, file, startLine, address, line, column } = graph.nodes[node]
    const func = builder.func({ name, systemName: '', file, startLine })
    const location = builder.location({ address, lines: [{ func, line, column }] })
    const values = [meanAt(graph.sums.cum, node), meanAt(graph.sums.flat, node)]
    builder.sample({ locations: [location], values: values.map(scaled) })
  }
  return encodeProfile(builder.finish())
}
