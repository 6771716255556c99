import { Button, Tooltip } from '@mantine/core'
import { useTexts } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'

/** Whether times are shown in UTC or in the zone of the reader's clock. */
export function TimeZoneToggle(props: { readonly className?: string | undefined }) {
  const texts = useTexts()
  const { zone, setZone } = useTimeZone()
  const label = zone === 'utc' ? texts.timesLocal : texts.timesUtc
  return (
    <Tooltip label={label}>
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        aria-label={`${zone === 'utc' ? texts.zoneUtc : texts.zoneLocal}: ${label}`}
        className={props.className ?? ''}
        onClick={() => setZone(zone === 'utc' ? 'local' : 'utc')}
      >
        {zone === 'utc' ? texts.zoneUtc : texts.zoneLocal}
      </Button>
    </Tooltip>
  )
}
