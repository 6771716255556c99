import { useState } from 'react'
import { useLanguage } from '../texts/texts-context.ts'
import { formatTime, formatTimeAgo } from './format-time.ts'

/** How far a time lies from when it was first shown; pointing at it tells the time itself. */
export function TimeAgo(props: { readonly time: string }) {
  const { language } = useLanguage()
  const [nowMs] = useState(() => Date.now())
  return (
    <time dateTime={props.time} title={formatTime(props.time)}>
      {formatTimeAgo(props.time, nowMs, language)}
    </time>
  )
}
