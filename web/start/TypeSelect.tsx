import { NativeSelect } from '@mantine/core'
import type { ProfileType } from '../../api/index.ts'
import { useTexts } from '../texts/texts-context.ts'

/** Go's profiles, as they are called everywhere. */
const TYPES = [
  'cpu',
  'heap',
  'allocs',
  'goroutine',
  'block',
  'mutex',
  'threadcreate',
] as const satisfies readonly ProfileType[]

interface TypeSelectProps {
  /** Null where the files say it. */
  readonly chosen: ProfileType | null
  readonly choose: (type: ProfileType | null) => void
}

/** What files are of that do not say it: folded stacks and speedscope files. */
export function TypeSelect({ chosen, choose }: TypeSelectProps) {
  const texts = useTexts()
  return (
    <NativeSelect
      size="xs"
      aria-label={texts.uploadType}
      value={chosen ?? ''}
      data={[{ value: '', label: texts.uploadTypeOfFile }, ...TYPES]}
      onChange={(event) => choose(TYPES.find((type) => type === event.currentTarget.value) ?? null)}
    />
  )
}
