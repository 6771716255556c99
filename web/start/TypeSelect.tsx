import { NativeSelect } from '@mantine/core'
import type { ProfileType } from '../../api/index.ts'
import { PROFILE_KINDS } from '../../api/profiles/profile-kinds.ts'
import { useTexts } from '../texts/texts-context.ts'

interface TypeSelectProps {
  /** Null when the files contain it. */
  readonly chosen: ProfileType | null
  readonly choose: (type: ProfileType | null) => void
}

/** Selects the profile type of files that do not contain it: folded stacks and speedscope files. */
export function TypeSelect({ chosen, choose }: TypeSelectProps) {
  const texts = useTexts()
  return (
    <NativeSelect
      size="xs"
      aria-label={texts.uploadType}
      value={chosen ?? ''}
      data={[{ value: '', label: texts.uploadTypeOfFile }, ...PROFILE_KINDS]}
      onChange={(event) =>
        choose(PROFILE_KINDS.find((type) => type === event.currentTarget.value) ?? null)
      }
    />
  )
}
