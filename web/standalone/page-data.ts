import type { ComparedPer } from '../../profile/index.ts'

/** What a page that stands alone is made of; it lies in the page as JSON. */
export interface PageData {
  readonly title: string
  readonly facts: readonly string[]
  /** Where it was made, and when. */
  readonly origin: { readonly url: string; readonly text: string }
  readonly findings: readonly PageFinding[]
  readonly pictures: readonly PagePicture[]
  readonly texts: PageTexts
}

export interface PageFinding {
  readonly level: 'info' | 'warning' | 'critical'
  readonly levelText: string
  readonly title: string
  readonly meaning: string
  readonly remedy: readonly string[]
  /** Functions to search for; empty where there are none. */
  readonly frames: readonly string[]
}

/** A flame graph; with `before` that of a comparison. */
export interface PagePicture {
  readonly title: string
  /** Columns in gzip in base64. */
  readonly columns: string
  readonly before: string | null
  /** Whether the stacks of the columns are repaired already. */
  readonly isRepaired: boolean
  /** What shares are of: the total before filters. */
  readonly total: number
  /** Of a comparison: what values are divided by. */
  readonly per: ComparedPer
  readonly direction: 'icicle' | 'flame'
  readonly colour: 'subsystem' | 'package' | 'self'
  readonly hidesChain: boolean
  /** The path key of the zoomed frame, and a search; `''` for none. */
  readonly zoom: string
  readonly search: string
  readonly isRegex: boolean
}

/** Stands for the number in a text. */
export const NUMBER = '#'

export interface PageTexts {
  /** With `NUMBER`. */
  readonly cores: string
  readonly perRequest: string
  readonly search: string
  readonly regex: string
  readonly next: string
  readonly previous: string
  readonly noMatch: string
  readonly whole: string
  readonly chain: string
  readonly flame: string
  readonly picture: string
  readonly findings: string
  readonly show: string
  readonly remedy: string
  readonly self: string
  readonly hint: string
  readonly failed: string
  /** How frames of a comparison differ. */
  readonly changes: Readonly<Record<'grew' | 'shrank' | 'new' | 'gone' | 'same' | 'noise', string>>
}
