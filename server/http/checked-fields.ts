import type { Static, TObject } from 'typebox'
import { Value } from 'typebox/value'
import { AppError } from '../../api/index.ts'
import { failingName, faultOf } from './parameter-fault.ts'

/** Checks form fields against the schema of the query. Throws REQUEST_INVALID. */
export function checkedFields<Schema extends TObject>(
  schema: Schema,
  fields: Record<string, unknown>,
): Static<Schema> {
  if (Value.Check(schema, fields)) return fields
  const failures = [...Value.Errors(schema, fields)]
  const failure = failures.find((one) => failingName(one) !== '')
  if (failure === undefined) throw new AppError('REQUEST_INVALID')
  const name = failingName(failure)
  throw new AppError('REQUEST_INVALID', {
    message: `The form field "${name}" ${faultOf(failure)}.`,
    details: { in: 'form field', name },
  })
}
