import { Link } from '@tanstack/react-router'
import type { FindingSummary } from '../../api/index.ts'
import { formatCores, formatCount, formatShare } from '../../profile/index.ts'
import { TimeAgo } from '../format/TimeAgo.tsx'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { LevelMark, levelText } from '../ui/LevelMark.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { FindingActions } from './FindingActions.tsx'
import { groupBeside } from './group-beside.ts'
import classes from './FindingRow.module.css'

interface FindingRowProps {
  readonly finding: FindingSummary
  readonly canOperate: boolean
  /** False on the page of the finding, which has its title. */
  readonly isTitled?: boolean
}

/** One finding of the history: what, where, since when, and what was done. */
export function FindingRow({ finding, canOperate, isTitled = true }: FindingRowProps) {
  const texts = useTexts()
  const { state, level, worstLevel, seenCount, returnCount } = finding
  const group = groupBeside(finding)
  return (
    <li className={classes['row']} data-state={state} data-rule={finding.rule}>
      <div className={classes['what']}>
        <LevelMark level={level} />
        {isTitled && (
          <Link to="/findings/$id" params={{ id: finding.id }} className={classes['title']}>
            <UntrustedText text={finding.title} />
          </Link>
        )}
        {isTitled && group !== null && (
          <span className="muted">
            <UntrustedText text={group} />
          </span>
        )}
        <span className={`numbers ${classes['amount']}`}>{amountOf(finding, texts)}</span>
      </div>
      <Place finding={finding} />
      <p className={`numbers ${classes['times']}`}>
        <span>
          {texts.findingSince} <TimeAgo time={finding.openedAt} key={finding.openedAt} />
        </span>
        {finding.resolvedAt === null ? (
          <span>
            {texts.findingSeen} <TimeAgo time={finding.lastSeenAt} key={finding.lastSeenAt} />
          </span>
        ) : (
          <span>
            {texts.findingResolvedAt} <TimeAgo time={finding.resolvedAt} key={finding.resolvedAt} />
          </span>
        )}
        <span>{texts.findingSeenIn(seenCount)}</span>
        {returnCount > 0 && <span>{texts.findingReturned(returnCount)}</span>}
        {worstLevel !== level && <span>{texts.findingWas(levelText(worstLevel, texts))}</span>}
      </p>
      <StateNote finding={finding} />
      <div className={classes['links']}>
        <FindingLinks finding={finding} />
        {canOperate && <FindingActions finding={finding} />}
      </div>
    </li>
  )
}

/** Goroutines and objects are counted; time and bytes are shown as their share. */
function amountOf({ unit, value, share, cores, profile }: FindingSummary, texts: Texts): string {
  if (unit === 'count') {
    return profile === 'goroutine' ? texts.goroutines(formatCount(value)) : formatCount(value)
  }
  const shown = formatShare(share)
  return cores === null ? shown : `${shown} · ${texts.cores(formatCores(cores))}`
}

function Place({ finding }: { readonly finding: FindingSummary }) {
  const { cluster, component, target, instance } = finding
  const others = [component, instance].filter((part) => part !== null && part !== target)
  return (
    <p className={classes['place']}>
      {cluster !== null && (
        <span>
          <UntrustedText text={cluster} />
        </span>
      )}
      {target !== null && (
        <Link to="/targets/$name" params={{ name: target }}>
          <UntrustedText text={target} />
        </Link>
      )}
      {others.map((part) => (
        <span key={part}>
          <UntrustedText text={part ?? ''} />
        </span>
      ))}
    </p>
  )
}

function StateNote({ finding }: { readonly finding: FindingSummary }) {
  const texts = useTexts()
  const { state, note, acknowledgedAt, acknowledgedBy, mutedUntil } = finding
  if (state === 'open' && note === null) return null
  return (
    <p className={classes['note']}>
      {state !== 'open' && (
        <span className={classes['state']} data-state={state}>
          {texts.findingStates[state]}
        </span>
      )}
      {state === 'muted' && mutedUntil !== null && (
        <span>
          {texts.findingMutedUntil} <TimeAgo time={mutedUntil} key={mutedUntil} />
        </span>
      )}
      {state === 'acknowledged' && acknowledgedAt !== null && (
        <span>
          <TimeAgo time={acknowledgedAt} key={acknowledgedAt} />
          {acknowledgedBy !== null && (
            <>
              {' '}
              <UntrustedText text={texts.findingBy(acknowledgedBy)} />
            </>
          )}
        </span>
      )}
      {note !== null && (
        <q className={classes['words']}>
          <UntrustedText text={note} />
        </q>
      )}
    </p>
  )
}

function FindingLinks({ finding }: { readonly finding: FindingSummary }) {
  const texts = useTexts()
  const { captureId, profileId } = finding.latest
  return (
    <>
      {captureId !== null && (
        <Link to="/captures/$id" params={{ id: captureId }}>
          {texts.findingCapture}
        </Link>
      )}
      {profileId !== null && (
        <Link
          to="/profiles/$id"
          params={{ id: profileId }}
          search={{ view: 'flame', finding: finding.rule }}
        >
          {texts.findingFrames}
        </Link>
      )}
    </>
  )
}
