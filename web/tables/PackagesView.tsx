import { Skeleton } from '@mantine/core'
import { useMemo } from 'react'
import { type PackageRow, packagePathOf } from '../../profile/index.ts'
import { useActions } from '../actions/actions-context.ts'
import type { Subject } from '../actions/subject.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import { ViewNotice } from '../view-parts/ViewNotice.tsx'
import type { ViewProps } from '../view-parts/view-props.ts'
import type { Totals } from '../view-worker/view-messages.ts'
import { Amount, AMOUNT_WIDTH } from './Amount.tsx'
import type { Column } from '../data-table/data-table.ts'
import { DataTable } from '../data-table/DataTable.tsx'
import { byAmount, byText, shownOrder, sortRows } from '../data-table/sort-rows.ts'

/** What each Go package cost; with a search those with a function that was found. */
export function PackagesView({ client, query, state, update, found, onPointed }: ViewProps) {
  const texts = useTexts()
  const actions = useActions()
  const { data, error } = useWorkerAnswer(client, ['packages', query], () => client.packages(query))
  const totals = data?.totals
  const columns = useMemo(
    () => (totals === undefined ? [] : columnsOf(totals, texts)),
    [totals, texts],
  )
  const { sort, isReversed } = state
  const rows = useMemo(() => {
    const paths = found === null ? null : new Set([...found.names].map(packagePathOf))
    const all = sortRows(data?.rows ?? [], columns, { column: sort, isReversed })
    return paths === null ? all : all.filter(({ path }) => paths.has(path))
  }, [data, columns, sort, isReversed, found])
  if ((error !== null && data === undefined) || data?.totals.filteredTotal === 0) {
    return <ViewNotice error={error} filters={state.filters} update={update} />
  }
  if (data === undefined) return <Skeleton height={300} radius="sm" />
  return (
    <DataTable
      label={texts.packagesLabel}
      columns={columns}
      rows={rows}
      keyOf={keyOf}
      order={shownOrder(columns, { column: sort, isReversed })}
      onSort={(order) => update({ sort: order.column, isReversed: order.isReversed })}
      onSelect={({ path }) => {
        if (path !== '') update({ view: 'top', search: `${path}.`, isRegex: false })
      }}
      onMenu={({ path }, point) => {
        if (path !== '') actions.openMenu({ kind: 'package', path }, point)
      }}
      onPoint={(row) => onPointed(subjectOf(row))}
    />
  )
}

/** What has no package, such as the rest of a stack that was cut, is no subject for a filter. */
function subjectOf(row: PackageRow | null): Subject | null {
  return row === null || row.path === '' ? null : { kind: 'package', path: row.path }
}

function keyOf(row: PackageRow): string {
  return row.path
}

function columnsOf({ unit, total }: Totals, texts: Texts): readonly Column<PackageRow>[] {
  const amount = (value: number) => (
    <Amount value={value} share={total === 0 ? 0 : value / total} unit={unit} />
  )
  return [
    {
      id: 'flat',
      title: texts.flat,
      hint: texts.flatHint,
      width: AMOUNT_WIDTH,
      isNumber: true,
      cell: ({ flat }) => amount(flat),
      compare: byAmount(({ flat }) => flat),
    },
    {
      id: 'cum',
      title: texts.cum,
      hint: texts.cumHint,
      width: AMOUNT_WIDTH,
      isNumber: true,
      cell: ({ cum }) => amount(cum),
      compare: byAmount(({ cum }) => cum),
    },
    {
      id: 'package',
      title: texts.topPackage,
      width: 'minmax(0, 1fr)',
      cell: ({ path }) =>
        path === '' ? (
          <span className="muted">{texts.noPackage}</span>
        ) : (
          <span className="mono">
            <UntrustedText text={path} />
          </span>
        ),
      compare: byText(({ path }) => path),
    },
  ]
}
