import { useMemo } from 'react'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { Amount, AMOUNT_WIDTH } from '../tables/Amount.tsx'
import type { Column } from '../data-table/data-table.ts'
import { DataTable } from '../data-table/DataTable.tsx'
import { byAmount, byText, shownOrder, sortRows } from '../data-table/sort-rows.ts'
import { shortFuncName } from '../untrusted/short-func-name.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { visibleText } from '../untrusted/visible-text.ts'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import type { ViewState } from '../view-state/view-state.ts'
import type { GraphAnswer, SearchAnswer, Totals } from '../view-worker/view-messages.ts'
import type { GraphEvents } from './graph-events.ts'

interface GraphTableProps {
  readonly reply: GraphAnswer
  readonly state: ViewState
  readonly update: UpdateViewState
  readonly found: SearchAnswer | null
  readonly on: GraphEvents
}

interface CallRow {
  readonly caller: string
  readonly callee: string
  readonly weight: number
  readonly isInlined: boolean
  readonly isResidual: boolean
}

/** The calls of the graph as a table, with a search those from or to a function that was found. */
export function GraphTable({ reply, state, update, found, on }: GraphTableProps) {
  const texts = useTexts()
  const { totals } = reply
  const columns = useMemo(() => columnsOf(totals, texts), [totals, texts])
  const { sort, isReversed } = state
  const rows = useMemo(() => {
    const { nodes, edges } = reply
    const all = edges.map((edge) => ({
      ...edge,
      caller: nodes[edge.caller]?.name ?? '',
      callee: nodes[edge.callee]?.name ?? '',
    }))
    const isShown = ({ caller, callee }: CallRow) =>
      found === null || found.names.has(caller) || found.names.has(callee)
    return sortRows(all.filter(isShown), columns, { column: sort, isReversed })
  }, [reply, found, columns, sort, isReversed])
  return (
    <DataTable
      label={texts.graphTableLabel}
      columns={columns}
      rows={rows}
      keyOf={keyOf}
      order={shownOrder(columns, { column: sort, isReversed })}
      onSort={(order) => update({ sort: order.column, isReversed: order.isReversed })}
      onSelect={({ callee }) => on.select(callee)}
      onMenu={({ callee }, { xPx, yPx }) => on.menu(callee, xPx, yPx)}
      onPoint={(row) => on.point(row?.callee ?? null)}
    />
  )
}

function keyOf({ caller, callee }: CallRow): string {
  return `${caller}\0${callee}`
}

function columnsOf({ unit, total }: Totals, texts: Texts): readonly Column<CallRow>[] {
  const kind = ({ isInlined, isResidual }: CallRow) =>
    isResidual ? texts.graphResidual : isInlined ? texts.inlined : ''
  return [
    {
      id: 'weight',
      title: texts.graphWeight,
      width: AMOUNT_WIDTH,
      isNumber: true,
      cell: ({ weight }) => (
        <Amount value={weight} share={total === 0 ? 0 : weight / total} unit={unit} />
      ),
      compare: byAmount(({ weight }) => weight),
    },
    {
      id: 'caller',
      title: texts.graphCaller,
      width: 'minmax(0, 1fr)',
      cell: ({ caller }) => <Name text={caller} />,
      compare: byText(({ caller }) => caller),
    },
    {
      id: 'callee',
      title: texts.graphCallee,
      width: 'minmax(0, 1fr)',
      cell: ({ callee }) => <Name text={callee} />,
      compare: byText(({ callee }) => callee),
    },
    {
      id: 'kind',
      title: texts.graphKind,
      width: '120px',
      isWide: true,
      cell: (row) => <span className="muted">{kind(row)}</span>,
      compare: byText(kind),
    },
  ]
}

function Name({ text }: { readonly text: string }) {
  return (
    <span className="mono" title={visibleText(text)}>
      <UntrustedText text={shortFuncName(text)} />
    </span>
  )
}
