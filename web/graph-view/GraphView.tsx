import { Skeleton } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useActions } from '../actions/actions-context.ts'
import { useTexts } from '../texts/texts-context.ts'
import { FrameDetails } from '../view-parts/FrameDetails.tsx'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import { ViewNotice } from '../view-parts/ViewNotice.tsx'
import type { ViewProps } from '../view-parts/view-props.ts'
import { GraphBar } from './GraphBar.tsx'
import { GraphPicture } from './GraphPicture.tsx'
import { GraphTable } from './GraphTable.tsx'
import { useScale } from './use-scale.ts'

/** The functions as boxes and their calls as arrows, as `pprof` draws them; or the calls as a table. */
export function GraphView(props: ViewProps) {
  const { client, query, state, update, found, marked, onPointed } = props
  const texts = useTexts()
  const actions = useActions()
  const { nodeCount, selected } = state
  const { data, error } = useWorkerAnswer(client, ['graph', query, nodeCount], () =>
    client.graph({ query, nodeCount }),
  )
  const top = useWorkerAnswer(client, ['top', query], () => client.top(query))
  const [isTable, setIsTable] = useState(false)
  const scale = useScale(data ?? null)
  const on = useMemo(
    () => ({
      select: (name: string) => update({ selected: name }),
      menu: (name: string, xPx: number, yPx: number) =>
        actions.openMenu({ kind: 'func', name, stack: [] }, { xPx, yPx }),
      point: (name: string | null) =>
        onPointed(name === null ? null : { kind: 'func', name, stack: [] }),
    }),
    [actions, update, onPointed],
  )
  if ((error !== null && data === undefined) || data?.totals.filteredTotal === 0) {
    return <ViewNotice error={error} filters={state.filters} update={update} />
  }
  if (data === undefined) {
    return <Skeleton height={420} radius="sm" aria-label={texts.graphLaysOut} />
  }
  return (
    <>
      <GraphBar
        reply={data}
        nodeCount={nodeCount}
        update={update}
        scale={scale}
        isTable={isTable}
        onTable={setIsTable}
      />
      {isTable ? (
        <GraphTable reply={data} state={state} update={update} found={found} on={on} />
      ) : (
        <GraphPicture
          reply={data}
          scale={scale}
          selected={selected}
          found={found?.names ?? null}
          marked={marked}
          on={on}
        />
      )}
      <FrameDetails
        pointed={null}
        selected={selected}
        top={top.data ?? null}
        client={client}
        hint={texts.graphHint}
      />
    </>
  )
}
