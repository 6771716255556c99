import { Skeleton } from '@mantine/core'
import { useMemo, useState } from 'react'
import { formatShare, formatValue, type PeekItem } from '../../profile/index.ts'
import { useActions } from '../actions/actions-context.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import { ViewNotice } from '../view-parts/ViewNotice.tsx'
import type { ViewProps } from '../view-parts/view-props.ts'
import type { Totals } from '../view-worker/view-messages.ts'
import { Amount, AMOUNT_WIDTH } from './Amount.tsx'
import type { Column, SortOrder } from '../data-table/data-table.ts'
import { DataTable } from '../data-table/DataTable.tsx'
import { FuncPicker } from './FuncPicker.tsx'
import classes from './PeekView.module.css'
import { functionColumn } from './function-column.tsx'
import { byAmount, sortRows } from '../data-table/sort-rows.ts'

/** Who calls the selected function, and what it calls. */
export function PeekView(props: ViewProps) {
  const { client, query, state, update } = props
  const texts = useTexts()
  const funcName = state.selected
  const { data, error } = useWorkerAnswer(
    client,
    ['peek', query, funcName],
    () => client.peek({ query, funcName }),
    funcName !== '',
  )
  if (error !== null && data === undefined) {
    return <ViewNotice error={error} filters={state.filters} update={update} />
  }
  if (funcName === '') return <FuncPicker {...props} lead={texts.peekEmpty} />
  if (data === undefined) return <Skeleton height={300} radius="sm" />
  if (data.item === null) return <FuncPicker {...props} lead={texts.peekUnknown} />
  const { item, totals } = data
  const shareOf = (value: number) => formatShare(totals.total === 0 ? 0 : value / totals.total)
  return (
    <div className={classes['peek']}>
      <Edges {...props} edges={item.callers} totals={totals} isCallers />
      <div className={classes['self']}>
        <p className={`mono ${classes['selfName']}`}>
          <UntrustedText text={item.name} />
        </p>
        <p className="numbers">
          {texts.flat} <strong>{formatValue(item.flat, totals.unit)}</strong> {shareOf(item.flat)}
          {' · '}
          {texts.cum} <strong>{formatValue(item.cum, totals.unit)}</strong> {shareOf(item.cum)}
        </p>
      </div>
      <Edges {...props} edges={item.callees} totals={totals} isCallers={false} />
    </div>
  )
}

type Edge = PeekItem['callers'][number]

interface EdgesProps extends ViewProps {
  readonly edges: readonly Edge[]
  readonly totals: Totals
  readonly isCallers: boolean
}

function Edges({ edges, totals, isCallers, update, found, onPointed }: EdgesProps) {
  const texts = useTexts()
  const actions = useActions()
  const [order, setOrder] = useState<SortOrder>({ column: 'value', isReversed: false })
  const columns = useMemo(() => columnsOf(totals, texts), [texts, totals])
  const rows = useMemo(() => {
    const kept = found === null ? edges : edges.filter(({ name }) => found.names.has(name))
    return sortRows(kept, columns, order)
  }, [edges, found, columns, order])
  const title = isCallers ? texts.callers : texts.callees
  return (
    <section>
      <h3 className={classes['heading']}>{title}</h3>
      {edges.length === 0 ? (
        <p className="muted">{isCallers ? texts.noCallers : texts.noCallees}</p>
      ) : (
        <DataTable
          label={title}
          columns={columns}
          rows={rows}
          keyOf={({ name }) => name}
          order={order}
          onSort={setOrder}
          heightMax="40vh"
          onSelect={({ name }) => update({ selected: name })}
          onMenu={({ name }, point) => actions.openMenu({ kind: 'func', name, stack: [] }, point)}
          onPoint={(row) =>
            onPointed(row === null ? null : { kind: 'func', name: row.name, stack: [] })
          }
        />
      )}
    </section>
  )
}

function columnsOf({ unit, total }: Totals, texts: Texts): readonly Column<Edge>[] {
  return [
    {
      id: 'value',
      title: texts.ofTotal,
      width: AMOUNT_WIDTH,
      isNumber: true,
      cell: ({ value }) => (
        <Amount value={value} share={total === 0 ? 0 : value / total} unit={unit} />
      ),
      compare: byAmount(({ value }) => value),
    },
    {
      id: 'share',
      title: texts.peekOfFunc,
      width: '92px',
      isNumber: true,
      isWide: true,
      cell: ({ share }) => formatShare(share),
    },
    functionColumn(texts),
  ]
}
