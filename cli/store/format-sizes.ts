import { formatValue } from '../../profile/index.ts'
import { sizeRates, type StoredSize } from '../../store/index.ts'
import { textTable } from '../terminal/text-table.ts'

const TITLES = { files: 'files', full: 'single profiles', hour: 'hours', day: 'days' } as const
const HEAD = ['type', 'form', 'profiles', 'size', 'each', 'a day']

/** A table of what profiles take, and of what those of the last 24 hours come to. */
export function formatSizes(sizes: readonly StoredSize[]): string {
  if (sizes.length === 0) return 'there are no profiles\n'
  const rows = sizes.map((size) => {
    const { bytesPerProfile, bytesPerDay } = sizeRates(size)
    const bytes = [size.sizeBytes, bytesPerProfile, bytesPerDay].map(bytesText)
    return [size.type, TITLES[size.form], String(size.profileCount), ...bytes]
  })
  const daily = sizes.reduce((sum, size) => sum + sizeRates(size).bytesPerDay, 0)
  return `${textTable([HEAD, ...rows], (column) => column >= 2)}a day adds ${bytesText(daily)}\n`
}

function bytesText(bytes: number): string {
  return formatValue(Math.round(bytes), 'bytes')
}
