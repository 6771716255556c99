import { ActionIcon, Button, NativeSelect, Tooltip } from '@mantine/core'
import { formatCount, formatShare } from '../../profile/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { FitIcon, MinusIcon, PlusIcon } from '../ui/icons.tsx'
import { FilteredTotal } from '../view-parts/FilteredTotal.tsx'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import { NODE_COUNTS } from '../view-state/view-state.ts'
import { GRAPH_SHARES_MIN, type GraphAnswer } from '../view-worker/view-messages.ts'
import classes from './GraphView.module.css'
import type { GraphScale } from './use-scale.ts'

interface GraphBarProps {
  readonly reply: GraphAnswer
  readonly nodeCount: number
  readonly update: UpdateViewState
  readonly scale: GraphScale
  readonly isTable: boolean
  readonly onTable: (isTable: boolean) => void
}

const STEP = 1.25

/** How much of the graph is drawn and why not all, and how it is drawn. */
export function GraphBar({ reply, nodeCount, update, scale, isTable, onTable }: GraphBarProps) {
  const texts = useTexts()
  const { nodes, funcCount, smallCount } = reply
  return (
    <div className={classes['bar']}>
      <p className={`numbers ${classes['count']}`}>
        <strong>{texts.graphCount(formatCount(nodes.length), formatCount(funcCount))}</strong>{' '}
        {texts.graphSmall(formatCount(smallCount), formatShare(GRAPH_SHARES_MIN.node))}{' '}
        {nodes.length + smallCount < funcCount && texts.graphRest}{' '}
        <FilteredTotal totals={reply.totals} />
      </p>
      <NativeSelect
        size="xs"
        className={classes['nodes'] ?? ''}
        aria-label={texts.graphNodes}
        value={String(nodeCount)}
        data={NODE_COUNTS.map((count) => ({
          value: String(count),
          label: texts.graphNodesMax(count),
        }))}
        onChange={(event) => update({ nodeCount: Number(event.currentTarget.value) })}
      />
      <Button
        size="compact-sm"
        variant="default"
        aria-pressed={isTable}
        onClick={() => onTable(!isTable)}
      >
        {isTable ? texts.graphPicture : texts.graphTable}
      </Button>
      {!isTable && (
        <ActionIcon.Group>
          <Step label={texts.zoomOutStep} onClick={() => scale.zoomBy(1 / STEP)}>
            <MinusIcon />
          </Step>
          <Step label={texts.zoomIn} onClick={() => scale.zoomBy(STEP)}>
            <PlusIcon />
          </Step>
          <Step label={texts.graphFit} onClick={scale.fit} isDisabled={scale.isFit}>
            <FitIcon />
          </Step>
        </ActionIcon.Group>
      )}
    </div>
  )
}

interface StepProps {
  readonly label: string
  readonly onClick: () => void
  readonly isDisabled?: boolean
  readonly children: React.ReactNode
}

function Step({ label, onClick, isDisabled = false, children }: StepProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={28}
        variant="default"
        aria-label={label}
        disabled={isDisabled}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
