import type { CSSProperties } from 'react'

/** Custom properties of CSS, which the types of React do not have. */
export function asStyle(properties: Readonly<Record<`--${string}`, string>>): CSSProperties {
  return properties
}
