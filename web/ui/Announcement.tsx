import { useEffect } from 'react'
import classes from './Announcement.module.css'

interface AnnouncementProps {
  /** `''` for none. */
  readonly text: string
  readonly onEnd: () => void
}

const SHOWN_MS = 2000

/** A short message at the bottom of the window that goes by itself, such as "Copied". */
export function Announcement({ text, onEnd }: AnnouncementProps) {
  useEffect(() => {
    if (text === '') return undefined
    const timer = setTimeout(onEnd, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [text, onEnd])
  return (
    <div role="status" className={classes['place']}>
      {text !== '' && <span className={classes['text']}>{text}</span>}
    </div>
  )
}
