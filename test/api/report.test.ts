import { expectTypeOf, test } from 'vitest'
import type { Report as WireReport } from '../../api/index.ts'
import type { Report } from '../../diagnosis/index.ts'

type Mutable<Value> = Value extends object
  ? { -readonly [Key in keyof Value]: Mutable<Value[Key]> }
  : Value

test('the report that diagnosis makes is the report on the wire', () => {
  expectTypeOf<Mutable<Report>>().toEqualTypeOf<WireReport>()
})
