import { useLanguage } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { formatTime, formatTimeAgo } from './format-time.ts'
import { useNow } from './use-now.ts'

/** A time relative to now; the tooltip shows the exact time. */
export function TimeAgo(props: { readonly time: string }) {
  const { language } = useLanguage()
  const { zone } = useTimeZone()
  const nowMs = useNow()
  return (
    <time dateTime={props.time} title={formatTime(props.time, zone)}>
      {formatTimeAgo(props.time, nowMs, language)}
    </time>
  )
}
