import { ActionIcon, Skeleton, Tooltip } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useCallback, useMemo, useState } from 'react'
import { FlameChart } from '../flame/FlameChart.tsx'
import { formatCount } from '../../profile/index.ts'
import { FlipIcon } from '../ui/icons.tsx'
import { useTexts } from '../texts/texts-context.ts'
import type { DrawnFrame } from '../view-worker/view-messages.ts'
import { FilteredTotal } from './FilteredTotal.tsx'
import { FlamePath } from './FlamePath.tsx'
import classes from './FlameView.module.css'
import { FrameDetails } from './FrameDetails.tsx'
import { SubsystemLegend } from './SubsystemLegend.tsx'
import { useWorkerAnswer } from './use-view-client.ts'
import { ViewNotice } from './ViewNotice.tsx'
import type { ViewProps } from './view-props.ts'

/** Drawing a frame takes the browser 60 to 100 µs, so fewer are drawn in less space. */
const FRAMES_MAX = 420
const FRAMES_PER_PX = 0.6

/** Where the time goes, callers above callees; a frame's width is its share. */
export function FlameView({ client, query, state, update, found, marked }: ViewProps) {
  const texts = useTexts()
  const { ref, width } = useElementSize()
  const widthPx = Math.floor(width)
  const framesMax = Math.min(FRAMES_MAX, Math.round(widthPx * FRAMES_PER_PX))
  const flame = useWorkerAnswer(
    client,
    ['flame', query, state.zoom, widthPx],
    () => client.flame({ query, zoom: state.zoom, framesMax, widthPx }),
    widthPx > 0,
  )
  const top = useWorkerAnswer(client, ['top', query], () => client.top(query))
  const [pointed, setPointed] = useState<DrawnFrame | null>(null)
  const { selected, direction } = state
  const highlight = useMemo(
    () => ({ found: found?.names ?? null, marked, selected }),
    [found, marked, selected],
  )
  const zoom = useCallback(
    (frame: DrawnFrame) =>
      update({ zoom: frame.key, selected: frame.key === '' ? '' : frame.name }),
    [update],
  )
  const select = useCallback((frame: DrawnFrame) => update({ selected: frame.name }), [update])
  const { data, error } = flame
  const isEmpty = data?.totals.filteredTotal === 0
  return (
    <>
      <div className={classes['bar']}>
        <FlamePath reply={data ?? null} onZoom={(key) => update({ zoom: key })} />
        <span className={`numbers ${classes['count']}`}>
          {data !== undefined && <FilteredTotal totals={data.totals} />}
        </span>
        <span className={`numbers ${classes['count']}`}>
          {data !== undefined &&
            data.frameCount > data.frames.length &&
            texts.framesDrawn(formatCount(data.frames.length), formatCount(data.frameCount))}
        </span>
        <Tooltip label={direction === 'icicle' ? texts.directionFlame : texts.directionIcicle}>
          <ActionIcon
            variant="default"
            aria-label={direction === 'icicle' ? texts.directionFlame : texts.directionIcicle}
            onClick={() => update({ direction: direction === 'icicle' ? 'flame' : 'icicle' })}
          >
            <FlipIcon />
          </ActionIcon>
        </Tooltip>
      </div>
      <SubsystemLegend subsystems={top.data?.subsystems ?? []} />
      <div ref={ref} className={classes['chart']}>
        {data !== undefined && !isEmpty && (
          <FlameChart
            reply={data}
            widthPx={widthPx}
            direction={direction}
            highlight={highlight}
            onPoint={setPointed}
            onSelect={select}
            onZoom={zoom}
          />
        )}
        {data === undefined && error === null && <Skeleton height={340} radius="sm" />}
      </div>
      {(error !== null || isEmpty) && (
        <ViewNotice error={error} filters={state.filters} update={update} />
      )}
      <FrameDetails
        pointed={pointed !== null && data?.frames.includes(pointed) === true ? pointed : null}
        selected={selected}
        top={top.data ?? null}
        onPeek={(name) => update({ view: 'peek', selected: name })}
      />
    </>
  )
}
