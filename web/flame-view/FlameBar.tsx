import { ActionIcon, NativeSelect, Tooltip } from '@mantine/core'
import { formatCount } from '../../profile/index.ts'
import { FitIcon, FlipIcon } from '../ui/icons.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { memo } from 'react'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import { COLOURINGS, type ViewState } from '../view-state/view-state.ts'
import { FilteredTotal } from '../view-parts/FilteredTotal.tsx'
import type { FlameAnswer } from '../view-worker/view-messages.ts'
import { FlamePath } from './FlamePath.tsx'
import classes from './FlameView.module.css'

interface FlameBarProps {
  readonly reply: FlameAnswer | null
  readonly widthPx: number
  readonly colour: ViewState['colour']
  readonly direction: ViewState['direction']
  readonly update: UpdateViewState
  readonly isZoomed: boolean
  readonly onZoom: (key: string) => void
  readonly onWhole: () => void
}

/** The path to what is shown, how much of it is drawn, and how it is drawn. */
export const FlameBar = memo(function FlameBar(props: FlameBarProps) {
  const { reply, widthPx, colour, direction, update, isZoomed, onZoom, onWhole } = props
  const texts = useTexts()
  const isIcicle = direction === 'icicle'
  const turn = isIcicle ? texts.directionFlame : texts.directionIcicle
  return (
    <div className={classes['bar']}>
      <FlamePath
        reply={reply}
        widthPx={widthPx}
        onZoom={(key) => (key === '' ? onWhole() : onZoom(key))}
      />
      <span className={`numbers ${classes['count']}`}>
        {reply !== null && <FilteredTotal totals={reply.totals} />}
      </span>
      <span className={`numbers ${classes['count']}`}>
        {reply !== null &&
          reply.frameCount > reply.frames.length &&
          texts.frameCount(formatCount(reply.frames.length), formatCount(reply.frameCount))}
      </span>
      <NativeSelect
        size="xs"
        className={classes['colour'] ?? ''}
        aria-label={texts.colourBy}
        value={colour}
        data={COLOURINGS.map((value) => ({ value, label: texts.colourings[value] }))}
        onChange={(event) => {
          const chosen = event.currentTarget.value
          update({ colour: COLOURINGS.find((known) => known === chosen) ?? 'subsystem' })
        }}
      />
      {isZoomed && (
        <Tooltip label={texts.zoomOut}>
          <ActionIcon size={28} variant="default" aria-label={texts.zoomOut} onClick={onWhole}>
            <FitIcon />
          </ActionIcon>
        </Tooltip>
      )}
      <Tooltip label={turn}>
        <ActionIcon
          size={28}
          variant="default"
          aria-label={turn}
          onClick={() => update({ direction: isIcicle ? 'flame' : 'icicle' })}
        >
          <FlipIcon />
        </ActionIcon>
      </Tooltip>
    </div>
  )
})
