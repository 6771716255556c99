import { Button } from '@mantine/core'
import { memo, type MouseEvent, useMemo } from 'react'
import { formatCount, formatShare, formatValue } from '../../profile/index.ts'
import { useActions } from '../actions/actions-context.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { DrawnFrame, TopAnswer } from '../view-worker/view-messages.ts'
import { useWorkerAnswer } from './use-view-client.ts'
import classes from './FrameDetails.module.css'

interface FrameDetailsProps {
  /** The last frame under the pointer. */
  readonly pointed: DrawnFrame | null
  /** The selected function, shown while no frame was pointed at. */
  readonly selected: string
  readonly top: TopAnswer | null
  readonly client: ViewClient
  /** What to do to see numbers; that of the flame graph when not given. */
  readonly hint?: string
}

/** The numbers of one frame, below the views: on this path, and over all its calls. */
export const FrameDetails = memo(function FrameDetails(props: FrameDetailsProps) {
  const { pointed, selected, top, client, hint } = props
  const texts = useTexts()
  const actions = useActions()
  const rowByName = useMemo(() => new Map((top?.rows ?? []).map((row) => [row.name, row])), [top])
  const name = pointed?.name ?? selected
  const row = rowByName.get(name) ?? null
  const totals = top?.totals ?? null
  if (name === '' || totals === null) {
    const isTouch = matchMedia('(pointer: coarse)').matches
    return (
      <div className={`${classes['bar']} ${classes['empty']}`}>
        {hint ?? (isTouch ? texts.touchHint : texts.detailsEmpty)}
      </div>
    )
  }
  const amount = (value: number) => formatValue(value, totals.unit)
  const shareOf = (value: number) => formatShare(totals.total === 0 ? 0 : value / totals.total)
  if (pointed?.isOther === true) {
    return (
      <div className={classes['bar']}>
        {texts.otherFrames(formatCount(pointed.hiddenCount ?? 0))}{' '}
        <strong className="numbers">{shareOf(pointed.cum)}</strong>
      </div>
    )
  }
  const act = (event: MouseEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    actions.openMenu({ kind: 'func', name, stack: [] }, { xPx: box.left, yPx: box.top })
  }
  return (
    <div className={classes['bar']} data-frame-details="">
      <span className={classes['name']}>
        <span className="mono">
          <UntrustedText text={name} />
        </span>
        {pointed?.isInlined === true && <span className={classes['tag']}>{texts.inlined}</span>}
        {pointed?.isInferred === true && <span className={classes['tag']}>{texts.inferred}</span>}
        <SourcePlace client={client} funcName={name} />
        <CopyButton text={name} label={texts.act.copyName} />
        <Button size="compact-xs" variant="subtle" onClick={act}>
          {texts.moreActions}
        </Button>
      </span>
      <span className={`numbers ${classes['numbers']}`}>
        {pointed !== null && (
          <Pair
            title={texts.detailsPath}
            flat={`${amount(pointed.flat)} ${shareOf(pointed.flat)}`}
            cum={`${amount(pointed.cum)} ${shareOf(pointed.cum)}`}
          />
        )}
        {row !== null && (
          <Pair
            title={texts.detailsEverywhere}
            flat={`${amount(row.flat)} ${formatShare(row.flatShare)}`}
            cum={`${amount(row.cum)} ${formatShare(row.cumShare)}`}
          />
        )}
      </span>
    </div>
  )
})

interface SourcePlaceProps {
  readonly client: ViewClient
  readonly funcName: string
}

/** `store.go:661` */
function SourcePlace({ client, funcName }: SourcePlaceProps) {
  const { data } = useWorkerAnswer(client, ['source', funcName], () => client.source(funcName))
  if (data === undefined || data.file === '' || data.funcName !== funcName) return null
  const base = data.file.slice(data.file.lastIndexOf('/') + 1)
  return (
    <span className={`mono muted ${classes['file']}`} title={data.file}>
      <UntrustedText text={data.line > 0 ? `${base}:${data.line}` : base} />
    </span>
  )
}

interface PairProps {
  readonly title: string
  readonly flat: string
  readonly cum: string
}

function Pair({ title, flat, cum }: PairProps) {
  const texts = useTexts()
  return (
    <span className={classes['pair']}>
      <span className="muted">{title}</span>
      <span title={texts.flatHint}>
        {texts.flat} <strong>{flat}</strong>
      </span>
      <span title={texts.cumHint}>
        {texts.cum} <strong>{cum}</strong>
      </span>
    </span>
  )
}
