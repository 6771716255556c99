import { Skeleton } from '@mantine/core'
import { useEffect, useMemo } from 'react'
import { formatCount, formatShare, packagePathOf, type TopRow } from '../../profile/index.ts'
import { useActions } from '../actions/actions-context.ts'
import { FrameDetails } from '../view-parts/FrameDetails.tsx'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { visibleText } from '../untrusted/visible-text.ts'
import { shortFuncName } from '../untrusted/short-func-name.ts'
import { FilteredTotal } from '../view-parts/FilteredTotal.tsx'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import { ViewNotice } from '../view-parts/ViewNotice.tsx'
import type { ViewProps } from '../view-parts/view-props.ts'
import { Amount, AMOUNT_WIDTH } from './Amount.tsx'
import type { Column } from '../data-table/data-table.ts'
import { DataTable } from '../data-table/DataTable.tsx'
import { byAmount, byText, shownOrder, sortRows } from '../data-table/sort-rows.ts'
import classes from './TopView.module.css'

/** All functions, sorted; with a search only those found. */
export function TopView(props: ViewProps) {
  const { client, query, state, update, found, marked, walk, onPointed } = props
  const texts = useTexts()
  const actions = useActions()
  const { data, error } = useWorkerAnswer(client, ['top', query], () => client.top(query))
  const unit = data?.totals.unit ?? ''
  const columns = useMemo(() => columnsOf(unit, texts), [unit, texts])
  const { sort, isReversed } = state
  const rows = useMemo(() => {
    const all = sortRows(data?.rows ?? [], columns, { column: sort, isReversed })
    return found === null ? all : all.filter(({ name }) => found.names.has(name))
  }, [data, columns, sort, isReversed, found])
  const shownColumns = useMemo(() => withSums(columns, rows, texts), [columns, rows, texts])
  const stepped = walk.match?.name ?? ''
  useEffect(() => {
    if (stepped !== '') update({ selected: stepped }, { replaces: true })
  }, [stepped, update])
  if ((error !== null && data === undefined) || data?.totals.filteredTotal === 0) {
    return <ViewNotice error={error} filters={state.filters} update={update} />
  }
  if (data === undefined) return <Skeleton height={420} radius="sm" />
  return (
    <>
      <p className={`muted numbers ${classes['count']}`}>
        <FilteredTotal totals={data.totals} />{' '}
        {texts.funcCount(formatCount(rows.length), rows.length)}
      </p>
      <DataTable
        label={texts.topLabel}
        columns={shownColumns}
        rows={rows}
        keyOf={keyOf}
        order={shownOrder(columns, { column: sort, isReversed })}
        onSort={(order) => update({ sort: order.column, isReversed: order.isReversed })}
        selected={state.selected}
        isMarked={({ name }) => marked.has(name)}
        onSelect={({ name }) => update({ selected: name === state.selected ? '' : name })}
        onMenu={({ name }, point) => actions.openMenu({ kind: 'func', name, stack: [] }, point)}
        onPoint={(row) =>
          onPointed(row === null ? null : { kind: 'func', name: row.name, stack: [] })
        }
      />
      {rows.length === 0 && <p className={classes['empty']}>{texts.topEmpty}</p>}
      {state.selected !== '' && (
        <FrameDetails pointed={null} selected={state.selected} top={data} client={client} />
      )}
    </>
  )
}

/** For each row the flat shares of it and of those above it. */
function sumShares(rows: readonly TopRow[]): Float64Array {
  const sums = new Float64Array(rows.length)
  for (const [place, { flatShare }] of rows.entries()) {
    sums[place] = (sums[place - 1] ?? 0) + flatShare
  }
  return sums
}

function keyOf(row: TopRow): string {
  return row.name
}

function columnsOf(unit: string, texts: Texts): readonly Column<TopRow>[] {
  return [
    {
      id: 'flat',
      title: texts.flat,
      hint: texts.flatHint,
      width: AMOUNT_WIDTH,
      isNumber: true,
      cell: (row) => <Amount value={row.flat} share={row.flatShare} unit={unit} />,
      compare: byAmount(({ flat }) => flat),
    },
    {
      id: 'cum',
      title: texts.cum,
      hint: texts.cumHint,
      width: AMOUNT_WIDTH,
      isNumber: true,
      cell: (row) => <Amount value={row.cum} share={row.cumShare} unit={unit} />,
      compare: byAmount(({ cum }) => cum),
    },
    {
      id: 'name',
      title: texts.topFunction,
      width: 'minmax(0, 3fr)',
      cell: ({ name, subsystem, inlined }) => (
        <span title={visibleText(name)}>
          <span
            className={classes['dot']}
            style={{ background: `var(--subsystem-${subsystem})` }}
            aria-hidden="true"
          />
          <span className="mono">
            <UntrustedText text={shortFuncName(name)} />
          </span>
          {inlined !== 'none' && (
            <span className={classes['inlined']}>
              {inlined === 'all' ? texts.inlined : texts.inlinedInPart}
            </span>
          )}
        </span>
      ),
      compare: byText(({ name }) => shortFuncName(name)),
    },
    {
      id: 'package',
      title: texts.topPackage,
      width: 'minmax(0, 2fr)',
      isWide: true,
      cell: ({ name }) => (
        <span className="muted" title={visibleText(packagePathOf(name))}>
          <UntrustedText text={packagePathOf(name)} />
        </span>
      ),
      compare: byText(({ name }) => packagePathOf(name)),
    },
  ]
}

/** The columns with that of the sums, which depend on the order of the rows, after the first. */
function withSums(
  columns: readonly Column<TopRow>[],
  rows: readonly TopRow[],
  texts: Texts,
): readonly Column<TopRow>[] {
  const sums = sumShares(rows)
  return columns.toSpliced(1, 0, {
    id: 'sum',
    title: texts.sumShare,
    hint: texts.sumShareHint,
    width: '62px',
    isNumber: true,
    isWide: true,
    cell: (_, place) => <span className="muted">{formatShare(sums[place] ?? 0)}</span>,
  })
}
