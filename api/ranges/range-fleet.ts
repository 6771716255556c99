import { Type, type Static } from 'typebox'
import { RangeSeriesQuery, RangeSeriesReply } from './range.ts'
import { type Immutable, ListOf, SHORT_TEXT, Time } from '../schemas.ts'

/** A function, or the total, side by side for each value of a label. */
export const RangeOutliersQuery = Type.Object(
  {
    ...RangeSeriesQuery.properties,
    by: Type.Optional(
      Type.String({ ...SHORT_TEXT, description: 'What is compared; default: `instance`' }),
    ),
  },
  { additionalProperties: false },
)
export type RangeOutliersQuery = Static<typeof RangeOutliersQuery>

const { staleCount, sampleType, kind, per, requestMetric } = RangeSeriesReply.properties

export const RangeOutliersReply = Type.Object({
  staleCount,
  sampleType,
  kind,
  per,
  requestMetric,
  by: Type.String(),
  median: Type.Number({ description: 'Of the rows' }),
  deviation: Type.Number({
    description: 'The median of absolute deviations from it, scaled to a standard deviation',
  }),
  rows: ListOf(
    Type.Object({
      label: Type.String({ description: 'A value of `by`; empty for profiles without the label' }),
      value: Type.Number({ description: 'The median of its steps' }),
      total: Type.Number({ description: 'The same of all functions' }),
      deviations: Type.Number({ description: 'Above the median; below it negative' }),
      isOutlier: Type.Boolean({
        description: 'Of four rows at least: 3.5 deviations or more, and a fifth of the median',
      }),
      strip: ListOf(Type.Object({ at: Time, value: Type.Number() }), {
        description: 'The heat strip: its steps by time; what has no profile is left out',
      }),
    }),
    { description: 'The farthest above the median first' },
  ),
})
export type RangeOutliersReply = Immutable<Static<typeof RangeOutliersReply>>
