import { packageOfName, SUBSYSTEMS } from '../../profile/index.ts'
import { resolveColours } from '../ui/resolve-colours.ts'
import type { Colouring } from '../view-state/view-state.ts'
import type { DrawnFrame, FrameChange } from '../view-worker/view-messages.ts'

/** The colours of the page, as the canvas needs them: resolved for the scheme that is shown. */
export interface FlamePalette {
  readonly isDark: boolean
  readonly subsystems: ReadonlyMap<string, string>
  readonly surface: string
  readonly inset: string
  readonly line: string
  readonly text: string
  readonly muted: string
  readonly accent: string
  readonly found: string
  readonly marked: string
}

const known = new Map<boolean, FlamePalette>()

/** The colours of a scheme, once the page shows it. They are kept, because reading them calculates all styles. */
export function paletteOf(host: HTMLElement, isDark: boolean): FlamePalette {
  const palette = known.get(isDark) ?? readPalette(host, isDark)
  if (isDark === isDarkNow()) known.set(isDark, palette)
  return palette
}

/** Reads the custom properties of the page, whose values depend on the colour scheme. */
function readPalette(host: HTMLElement, isDark: boolean): FlamePalette {
  return resolveColours(host, undefined, (resolve) => ({
    isDark,
    subsystems: new Map(SUBSYSTEMS.map(({ id }) => [id, resolve(`var(--subsystem-${id})`)])),
    surface: resolve('var(--surface-card)'),
    inset: resolve('var(--surface-inset)'),
    line: resolve('var(--line-strong)'),
    text: resolve('light-dark(#14181f, #eef1f5)'),
    muted: resolve('var(--text-muted)'),
    accent: resolve('var(--accent)'),
    found: resolve('light-dark(#7a1fa2, #e7a6ff)'),
    marked: resolve('light-dark(#a33c00, #ffb454)'),
  }))
}

/** Whether the page shows its dark scheme. */
export function isDarkNow(): boolean {
  return document.documentElement.dataset['mantineColorScheme'] === 'dark'
}

/** The colour of a frame. `heaviest` is that of `heaviestOf`, for colours by self share. */
export function frameColour(
  frame: DrawnFrame,
  colouring: Colouring,
  palette: FlamePalette,
  heaviest: number,
): string {
  if (frame.isOther === true) return palette.inset
  if (frame.change !== undefined) return changeColour(frame.change, palette)
  if (colouring === 'package') return packageColour(packageOfName(frame.name), palette.isDark)
  if (colouring === 'self') {
    const strength = heaviest === 0 ? 0 : Math.sqrt(Math.abs(frame.flat) / heaviest)
    return selfColour(strength, palette.isDark)
  }
  return palette.subsystems.get(frame.subsystem) ?? palette.inset
}

/** The largest flat value of the frames, without its sign. */
export function heaviestOf(frames: readonly DrawnFrame[]): number {
  return frames.reduce((most, { flat }) => Math.max(most, Math.abs(flat)), 0)
}

/** Orange for what grew, blue for what shrank, by how much; grey for what did not change or may be chance. */
export function changeColour(
  change: FrameChange,
  { isDark, inset }: Pick<FlamePalette, 'isDark' | 'inset'>,
): string {
  const { kind, before, after } = change
  if (kind === 'same' || kind === 'noise') return inset
  const strength = Math.abs(after - before) / Math.max(Math.abs(after), Math.abs(before))
  const percent = Math.round(25 + 75 * Math.min(strength, 1))
  const hue = after > before ? 28 : 212
  return isDark
    ? `hsl(${hue} ${20 + percent * 0.45}% ${22 + percent * 0.12}%)`
    : `hsl(${hue} ${40 + percent * 0.5}% ${94 - percent * 0.2}%)`
}

/** One hue a package, of a lightness that texts stay readable on. */
export function packageColour(path: string, isDark: boolean): string {
  let hash = 7
  for (let index = 0; index < path.length; index++) {
    hash = (Math.imul(hash, 31) + path.charCodeAt(index)) >>> 0
  }
  return isDark ? `hsl(${hash % 360} 34% 30%)` : `hsl(${hash % 360} 62% 82%)`
}

/** From grey (0) to strong orange (1). */
export function selfColour(strength: number, isDark: boolean): string {
  const percent = Math.round(Math.min(strength, 1) * 100)
  return isDark
    ? `hsl(24 ${12 + percent * 0.6}% ${24 + percent * 0.12}%)`
    : `hsl(24 ${14 + percent * 0.8}% ${92 - percent * 0.26}%)`
}
