import { BASE_LABEL } from '../combine/subtract-profile.ts'
import { sampleTypeRow } from '../origin/sample-kind.ts'
import { filterProfile } from '../filter/filter-profile.ts'
import type { WholeNumber } from '../units/format-value.ts'
import { type NumberLabelUnits, numberLabelUnits } from '../filter/number-label-units.ts'
import { ReportError } from '../report-error.ts'
import { DEFAULT_REPORT_SETTINGS, type ReportSettings } from './report-settings.ts'
import type { Profile, ValueColumn, ValueType } from '../types.ts'
import { absWhole, addWhole, divideWhole } from '../units/whole-number.ts'

/** A profile that is filtered and measured, ready to be printed in any form. */
export interface Report {
  /** After the filters. */
  readonly profile: Profile
  readonly settings: ReportSettings
  readonly sampleType: ValueType
  readonly values: ValueColumn
  /** The first values of a mean; null where none is asked for. */
  readonly divisors: ValueColumn | null
  /** What shares are of. */
  readonly total: WholeNumber
  readonly labelUnits: NumberLabelUnits
}

/**
 * Measures and filters as pprof does: the total is of the profile before the filters, unless relative percentages are
 * asked for. Throws a ReportError. https://github.com/google/pprof/blob/main/internal/driver/driver.go
 */
export function openReport(
  profile: Profile,
  settings: ReportSettings,
  onUnmatched: (filter: string) => void = () => {},
): Report {
  if (profile.sampleTypes.length === 0) throw new ReportError('the profile has no sample types')
  const index = sampleTypeIndex(profile, settings.sampleIndex, settings)
  if (settings.divideBy === 0) throw new ReportError('divide_by must not be zero')
  const labelUnits = numberLabelUnits(profile)
  const filtered = filterProfile(profile, settings.filters, onUnmatched)
  const measured = settings.relativePercentages ? filtered : profile
  const { type, unit } = profile.sampleTypes[index]
  return {
    profile: filtered,
    settings,
    sampleType: { type: settings.mean ? `mean_${type}` : type, unit },
    values: filtered.samples.values[index],
    divisors: settings.mean ? filtered.samples.values[0] : null,
    total: totalOf(measured, index, settings.mean),
    labelUnits,
  }
}

/**
 * The row of the sample type with this name or number; without one that to show first. Throws a ReportError.
 * https://github.com/google/pprof/blob/main/profile/index.go
 */
export function sampleTypeIndex(
  profile: Profile,
  text: string,
  { keepsPprofBugs }: Pick<ReportSettings, 'keepsPprofBugs'> = DEFAULT_REPORT_SETTINGS,
): number {
  const types = profile.sampleTypes.map(({ type }) => type)
  if (text === '' && keepsPprofBugs) {
    const named = types.indexOf(profile.defaultSampleType)
    return named === -1 || profile.defaultSampleType === '' ? types.length - 1 : named
  }
  const row = sampleTypeRow(profile, text)
  if (row !== null) return row
  if (/^[+-]?\d+$/.test(text)) {
    throw new ReportError(`sample_index ${text} is outside the range [0..${types.length - 1}]`)
  }
  throw new ReportError(`sample_index ${JSON.stringify(text)} must be one of: [${types.join(' ')}]`)
}

/** The sum of absolute values; of the base's alone, where the profile is a difference. */
function totalOf(profile: Profile, index: number, isMean: boolean): WholeNumber {
  const { samples } = profile
  const isBase = baseLabelSets(profile)
  const mean = (isCounted: (sample: number) => boolean) => {
    const sum = sumWhere(samples.values[index], absWhole, isCounted)
    const divisor = isMean ? sumWhere(samples.values[0], (value) => value, isCounted) : 0
    return { sum, mean: Number(divisor) === 0 ? sum : divideWhole(sum, divisor) }
  }
  if (isBase !== null) {
    const base = mean((sample) => isBase[samples.labelSet[sample]] === 1)
    if (base.sum > 0) return base.mean
  }
  return mean(() => true).mean
}

function sumWhere(
  column: ValueColumn,
  map: (value: WholeNumber) => WholeNumber,
  isCounted: (sample: number) => boolean,
): WholeNumber {
  let sum: WholeNumber = 0
  for (let sample = 0; sample < column.length; sample++) {
    if (isCounted(sample)) sum = addWhole(sum, map(column[sample]))
  }
  return sum
}

/** 1 for each label set that marks the base; null without one. */
function baseLabelSets({ labelSets, strings }: Profile): Uint8Array | null {
  const isBase = new Uint8Array(labelSets.length)
  for (let set = 1; set < labelSets.length; set++) {
    for (let label = labelSets.labelStart[set]; label < labelSets.labelStart[set + 1]; label++) {
      const isMark =
        strings[labelSets.key[label]] === BASE_LABEL.key &&
        strings[labelSets.text[label]] === BASE_LABEL.text
      if (isMark) isBase[set] = 1
    }
  }
  return isBase.includes(1) ? isBase : null
}
