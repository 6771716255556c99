import { Skeleton, UnstyledButton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import { formatCount, formatShare, formatValue, type TopRow } from '../../profile/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import type { ViewState } from '../view-state/view-state.ts'
import { FilteredTotal } from './FilteredTotal.tsx'
import { FrameDetails } from './FrameDetails.tsx'
import classes from './TopView.module.css'
import { useWorkerAnswer } from './use-view-client.ts'
import { ViewNotice } from './ViewNotice.tsx'
import type { ViewProps } from './view-props.ts'

const ROW_PX = 28

/** All functions, sorted; with a search only those found. */
export function TopView({ client, query, state, update, found, marked }: ViewProps) {
  const texts = useTexts()
  const { data, error } = useWorkerAnswer(client, ['top', query], () => client.top(query))
  const rows = useMemo(
    () =>
      sortRows(data?.rows ?? [], state.sort).filter((row) => found?.names.has(row.name) ?? true),
    [data, state.sort, found],
  )
  if (error !== null || data?.totals.filteredTotal === 0) {
    return <ViewNotice error={error} filters={state.filters} update={update} />
  }
  if (data === undefined) return <Skeleton height={420} radius="sm" />
  const sorts = [
    ['flat', texts.flat, texts.flatHint],
    ['cum', texts.cum, texts.cumHint],
    ['name', texts.topFunction, ''],
  ] as const
  return (
    <>
      <div role="table" aria-rowcount={rows.length + 1} className={classes['table']}>
        <div role="row" className={`${classes['row']} ${classes['head']}`}>
          {sorts.map(([sort, title, hint]) => (
            <div
              key={sort}
              role="columnheader"
              aria-sort={state.sort === sort ? 'descending' : 'none'}
              className={sort === 'name' ? classes['name'] : classes['amount']}
            >
              <UnstyledButton
                className={classes['sort'] ?? ''}
                title={hint}
                data-sorted={state.sort === sort}
                onClick={() => update({ sort })}
              >
                {title}
                {state.sort === sort && <span aria-hidden="true"> ↓</span>}
              </UnstyledButton>
            </div>
          ))}
          <span className={`muted numbers ${classes['count']}`}>
            <FilteredTotal totals={data.totals} />{' '}
            {texts.funcCount(formatCount(rows.length), rows.length)}
          </span>
        </div>
        <TopRows
          rows={rows}
          unit={data.totals.unit}
          selected={state.selected}
          marked={marked}
          onSelect={(name) => update({ selected: name === state.selected ? '' : name })}
        />
        {rows.length === 0 && <p className={classes['empty']}>{texts.topEmpty}</p>}
      </div>
      {state.selected !== '' && (
        <FrameDetails
          pointed={null}
          selected={state.selected}
          top={data}
          onPeek={(name) => update({ view: 'peek', selected: name })}
        />
      )}
    </>
  )
}

interface TopRowsProps {
  readonly rows: readonly TopRow[]
  readonly unit: string
  readonly selected: string
  readonly marked: ReadonlySet<string>
  readonly onSelect: (name: string) => void
}

function TopRows({ rows, unit, selected, marked, onSelect }: TopRowsProps) {
  const scroller = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- its answers are used in this render alone
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  })
  useEffect(() => {
    const row = selected === '' ? -1 : rows.findIndex(({ name }) => name === selected)
    if (row !== -1) virtualizer.scrollToIndex(row, { align: 'auto' })
  }, [rows, selected, virtualizer])
  return (
    <div
      ref={scroller}
      className={classes['scroller']}
      style={{ height: `min(68vh, ${rows.length * ROW_PX + 1}px)` }}
      tabIndex={-1}
    >
      <div style={{ height: virtualizer.getTotalSize() }} className={classes['rows']}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]
          if (row === undefined) return null
          return (
            <UnstyledButton
              key={row.name}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={row.name === selected}
              data-marked={marked.has(row.name)}
              className={`${classes['row']} ${classes['item']}`}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => onSelect(row.name)}
            >
              <Amount value={row.flat} share={row.flatShare} unit={unit} />
              <Amount value={row.cum} share={row.cumShare} unit={unit} />
              <span role="cell" className={classes['name']}>
                <span
                  className={classes['dot']}
                  style={{ background: `var(--subsystem-${row.subsystem})` }}
                  aria-hidden="true"
                />
                <span className="mono">
                  <UntrustedText text={row.name} />
                </span>
              </span>
            </UnstyledButton>
          )
        })}
      </div>
    </div>
  )
}

interface AmountProps {
  readonly value: number
  readonly share: number
  readonly unit: string
}

function Amount({ value, share, unit }: AmountProps) {
  return (
    <span role="cell" className={`numbers ${classes['amount']}`}>
      <span
        className={classes['bar']}
        style={{ width: `${Math.min(Math.abs(share), 1) * 100}%` }}
        aria-hidden="true"
      />
      <span className={classes['value']}>{formatValue(value, unit)}</span>
      <span className={classes['share']}>{formatShare(share)}</span>
    </span>
  )
}

function sortRows(rows: readonly TopRow[], sort: ViewState['sort']): readonly TopRow[] {
  if (sort === 'flat') return rows
  if (sort === 'cum') return rows.toSorted((a, b) => Math.abs(b.cum) - Math.abs(a.cum))
  return rows.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
