import type { SubsystemId } from '../../profile/index.ts'

/** What the reader points at and can act on. */
export type Subject =
  | {
      readonly kind: 'func'
      /** The normalised name. */
      readonly name: string
      /** The calls from the root to it; empty where it is not one frame but all its calls. */
      readonly stack: readonly string[]
    }
  | { readonly kind: 'package'; readonly path: string }
  | {
      readonly kind: 'subsystem'
      readonly id: SubsystemId
      readonly title: string
      /** Its functions, heaviest first. */
      readonly names: readonly string[]
    }
  | {
      readonly kind: 'tag'
      readonly key: string
      readonly value: string
      readonly unit: string | null
    }
