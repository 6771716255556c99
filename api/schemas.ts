import { type Static, type TArrayOptions, type TSchema, Type } from 'typebox'
import { FACET_VALUES_MAX } from './facet-values.ts'
import { LABEL_NAME, LABEL_VALUE_CHARS_MAX } from './label-name.ts'

/** A ULID: unique, unguessable enough for ids, sorts by creation time. */
const ID = /^[0-9A-HJKMNP-TV-Z]{26}$/
export const ID_PATTERN = ID.source
export const Id = Type.String({ pattern: ID_PATTERN, description: 'A ULID' })

/** Whether a text is a valid `Id`. */
export function isId(text: string): boolean {
  return ID.test(text)
}

export const Time = Type.String({
  format: 'date-time',
  description: 'RFC 3339, UTC',
})

export function Nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()])
}

/** An array with a read-only type, so that read-only data fits it. */
export function ListOf<Item extends TSchema>(item: Item, options: TArrayOptions = {}) {
  return Type.Immutable(Type.Array(item, options))
}

/** The same data, deeply read-only. */
export type Immutable<Value> = Value extends object
  ? { readonly [Key in keyof Value]: Immutable<Value[Key]> }
  : Value

/** A sample type and its unit, as named in the profile: `{ type: 'cpu', unit: 'nanoseconds' }`. */
export const ValueTypeSchema = Type.Object({ type: Type.String(), unit: Type.String() })
export type ValueTypeSchema = Static<typeof ValueTypeSchema>

/**
 * A warning: unusual but readable input, or something that cannot be judged. `code` is stable,
 * `text` is for people.
 */
export const Remark = Type.Object({ code: Type.String(), text: Type.String() })
export type Remark = Static<typeof Remark>

/** Names of targets, instances and the like, as callers send them. */
export const SHORT_TEXT = { maxLength: 255 }
/** Of a function or a package. */
export const SYMBOL_TEXT = { minLength: 1, maxLength: 1000 }

/** A filter of a list by a name that rows may have. */
export function nameFilter(description: string) {
  return Type.Optional(
    Type.String({ ...SHORT_TEXT, description: `${description}; empty for those without one` }),
  )
}

/** A span of time in a query. */
export const SPAN = {
  from: Type.Optional(
    Type.String({ format: 'date-time', description: 'From this time on. RFC 3339, UTC' }),
  ),
  to: Type.Optional(
    Type.String({
      format: 'date-time',
      description: 'Before this time, which is after `from` and is itself left out. RFC 3339, UTC',
    }),
  ),
}

/**
 * For a query that also accepts any number of `label.NAME=VALUE`, and no other unknown parameter.
 */
export const WITH_LABELS = {
  patternProperties: {
    [`^label\\.${LABEL_NAME}$`]: { type: 'string', maxLength: LABEL_VALUE_CHARS_MAX },
  },
  additionalProperties: false,
}

/** The `nextCursor` of a list that is always answered whole. */
export const NO_CURSOR = Nullable(Type.String({ description: 'null, as the answer has all items' }))

/** What the query of a list has beside its filters. */
export const PAGE_FIELDS = ['limit', 'cursor'] as const

/** How many rows have each value; `null` for rows without one. Most first. */
export const FacetValues = ListOf(
  Type.Object({ value: Nullable(Type.String()), count: Type.Integer() }),
  { maxItems: FACET_VALUES_MAX },
)

/** The shape of every error response. */
export const ErrorReply = Type.Object({
  error: Type.Object({
    code: Type.String({ description: 'A code of the catalogue in docs/errors.md' }),
    message: Type.String(),
    details: Type.Optional(Type.Object({}, { additionalProperties: true })),
    requestId: Type.String(),
  }),
})
