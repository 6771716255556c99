import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { CaptureSummary } from '../../api/index.ts'
import { isChanging, nearestCapturesQuery } from '../requests/capture-queries.ts'
import { comparedWith } from '../requests/compared-with.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { captureTime, captureTitle } from '../format/capture-title.ts'
import classes from './NearestCapture.module.css'

/** The capture to compare this one with: the one before of the same process, as far as that is known, and how far that is. */
export function NearestCapture({ capture }: { readonly capture: CaptureSummary }) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  const { data } = useQuery({
    ...nearestCapturesQuery(capture.id),
    // What it is of may be known only once it is judged.
    enabled: !isChanging(capture),
  })
  const near = data === undefined ? null : comparedWith(data)
  if (near === null) return null
  const { side, match, capture: other } = near
  const [a, b] = side === 'before' ? [other.id, capture.id] : [capture.id, other.id]
  const name = match === 'other' ? captureTitle(other, texts, zone) : captureTime(other, zone)
  return (
    <p className={classes['nearest']}>
      <Link to="/compare" search={{ a, b, of: 'captures' }}>
        <UntrustedText text={texts.compareNearest(side, match, name)} />
      </Link>
      <span className="muted">{texts.compareMatches[match]}</span>
      <Link to="/captures/$id" params={{ id: other.id }}>
        {texts.captureOpen}
      </Link>
    </p>
  )
}
