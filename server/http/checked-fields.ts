import type { Static, TObject } from 'typebox'
import { Value } from 'typebox/value'
import { AppError } from '../../api/index.ts'

/** Checks form fields against the schema of the query. Throws REQUEST_INVALID. */
export function checkedFields<Schema extends TObject>(
  schema: Schema,
  fields: Record<string, unknown>,
): Static<Schema> {
  if (Value.Check(schema, fields)) return fields
  const fault = [...Value.Errors(schema, fields)].find(({ instancePath }) => instancePath !== '')
  const name = (fault?.instancePath ?? '').slice(1)
  throw new AppError('REQUEST_INVALID', {
    message: `The form field "${name}" is not known here or not valid.`,
    details: { in: 'form field', name },
  })
}
