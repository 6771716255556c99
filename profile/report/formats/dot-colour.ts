/** How far values are moved from grey, so that signs differ visibly. */
const SHIFT = 0.7

const SHADES = {
  background: { saturation: 0.1, value: 0.93 },
  line: { saturation: 1, value: 0.7 },
} as const

/**
 * A colour for a score: -1 is blue, 0 grey, 1 red, as pprof has it since November 2026 (green before).
 * https://github.com/google/pprof/blob/main/internal/graph/dotgraph.go
 */
export function dotColour(score: number, use: keyof typeof SHADES): string {
  const { value } = SHADES[use]
  const limited = Math.max(-1, Math.min(1, score))
  // Near 0 it would be yellow else.
  const saturation = SHADES[use].saturation * Math.min(1, Math.abs(limited) / 0.2)
  const shifted = Math.sign(limited) * Math.abs(limited) ** (1 - SHIFT)
  const faded = value * (1 - saturation * Math.abs(shifted))
  const channels = shifted < 0 ? [faded, faded, value] : [value, faded, value * (1 - saturation)]
  return `#${channels.map((channel) => toHex(channel * 255)).join('')}`
}

function toHex(channel: number): string {
  // Go converts NaN to 0.
  return (Math.trunc(channel) || 0).toString(16).padStart(2, '0')
}
