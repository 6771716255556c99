import { Link } from '@tanstack/react-router'
import type { ProfileDiff } from '../../profile/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import type { DrawnFrame } from '../view-worker/view-messages.ts'
import { amountOf } from './CompareFlames.tsx'
import classes from './ComparePage.module.css'

/** The ids of the two profiles, which are stored or in this browser alone. */
export interface ComparedIds {
  readonly before: string
  readonly after: string
  readonly isLocal: boolean
}

interface CompareDetailsProps {
  /** The last frame that was pointed at or chosen. */
  readonly frame: DrawnFrame | null
  readonly diff: ProfileDiff
  readonly ids: ComparedIds | null
}

/** The numbers of one frame, and the ways to its function in either profile. */
export function CompareDetails({ frame, diff, ids }: CompareDetailsProps) {
  const texts = useTexts()
  if (frame === null || frame.isOther === true || frame.key === '') {
    return <p className={classes['hint']}>{texts.compareHint}</p>
  }
  const page = ids?.isLocal === true ? '/local/$id' : '/profiles/$id'
  const search = { view: 'sandwich', sel: frame.name, si: diff.sampleType.type }
  return (
    <div className={classes['details']}>
      <span className={`mono ${classes['name']}`}>
        <UntrustedText text={frame.name} />
      </span>
      <CopyButton text={frame.name} label={texts.act.copyName} />
      <span className="numbers">{amountOf(frame, diff, texts)}</span>
      {ids !== null && (
        <>
          <Link to={page} params={{ id: ids.before }} search={search}>
            {texts.compareOpenBefore}
          </Link>
          <Link to={page} params={{ id: ids.after }} search={search}>
            {texts.compareOpenAfter}
          </Link>
        </>
      )}
    </div>
  )
}
