import { NativeSelect, TextInput } from '@mantine/core'
import { fromTimeField, toTimeField } from '../format/time-field.ts'
import { useTexts } from '../texts/texts-context.ts'
import { zoneNameOf } from '../texts/time-zone.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import type { SearchParams } from '../view-state/search-params.ts'
import type { ChangeParams } from '../view-state/use-list-filter.ts'
import { isSpan, SPAN_NAMES } from '../view-state/time-params.ts'

interface TimeFieldsProps {
  readonly params: SearchParams
  readonly onChange: ChangeParams
  /** The span of an address without times; without it every time is shown. */
  readonly usual?: string
}

/** Which time: a span up to now, or between two times in the chosen zone. */
export function TimeFields({ params, onChange, usual }: TimeFieldsProps) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  const { last = usual ?? '', from, to, ...others } = params
  const isAbsolute = from !== undefined || to !== undefined || last === 'times'
  const set = (name: string, text: string) => {
    const times = { from, to, [name]: fromTimeField(text, zone) ?? undefined }
    const given = Object.entries(times).flatMap(([key, time]) => (time ? [[key, time]] : []))
    // Each part of a time that is typed is a change.
    onChange({ ...others, last: 'times', ...Object.fromEntries(given) }, { replaces: true })
  }
  const choose = (value: string) =>
    onChange(value === (usual ?? '') ? others : { ...others, last: value })
  return (
    <>
      <NativeSelect
        size="xs"
        label={texts.filterTime}
        value={isAbsolute ? 'times' : isSpan(last) ? last : ''}
        data={[
          ...(usual === undefined ? [{ value: '', label: texts.filterAnyTime }] : []),
          ...SPAN_NAMES.map((value) => ({ value, label: texts.filterSpans[value] })),
          { value: 'times', label: texts.filterBetween },
        ]}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {isAbsolute &&
        (['from', 'to'] as const).map((name) => (
          <TextInput
            key={name}
            size="xs"
            type="datetime-local"
            label={`${texts.filterTimes[name]} (${zoneNameOf(zone)})`}
            value={toTimeField(params[name], zone)}
            onChange={(event) => set(name, event.currentTarget.value)}
          />
        ))}
    </>
  )
}
