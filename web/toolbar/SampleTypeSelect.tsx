import { NativeSelect } from '@mantine/core'
import { memo } from 'react'
import { useTexts } from '../texts/texts-context.ts'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import type { ViewClient } from '../view-worker/view-client.ts'

interface SampleTypeSelectProps {
  readonly client: ViewClient
  /** `''` for the profile's default. */
  readonly chosen: string
  readonly update: UpdateViewState
}

/** Which values of the profile the views show. */
export const SampleTypeSelect = memo(function SampleTypeSelect(props: SampleTypeSelectProps) {
  const texts = useTexts()
  const { client, chosen, update } = props
  const { sampleTypes, defaultSampleType } = client.profile
  if (sampleTypes.length < 2) return null
  return (
    <NativeSelect
      size="xs"
      w={140}
      aria-label={texts.sampleType}
      value={chosen === '' ? defaultSampleType : chosen}
      data={sampleTypes.map(({ type }) => type)}
      onChange={(event) => {
        const next = event.currentTarget.value
        update({ sampleType: next === defaultSampleType ? '' : next })
      }}
    />
  )
})
