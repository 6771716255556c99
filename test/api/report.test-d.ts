import { expectTypeOf } from 'vitest'
import type { Report as WireReport } from '../../api/index.ts'
import type { Report } from '../../diagnosis/index.ts'

// Types alone: the compiler refuses this file where the assertion does not hold. Nothing of it runs.

type Mutable<Value> = Value extends object
  ? { -readonly [Key in keyof Value]: Mutable<Value[Key]> }
  : Value

/** The report that diagnosis makes is the report on the wire. */
expectTypeOf<Mutable<Report>>().toEqualTypeOf<WireReport>()
