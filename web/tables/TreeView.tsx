import { Skeleton, UnstyledButton } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useActions } from '../actions/actions-context.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { asStyle } from '../ui/as-style.ts'
import { ChevronIcon } from '../ui/icons.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { shortFuncName } from '../untrusted/short-func-name.ts'
import { visibleText } from '../untrusted/visible-text.ts'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import { ViewNotice } from '../view-parts/ViewNotice.tsx'
import type { ViewProps } from '../view-parts/view-props.ts'
import type { KeyedTreeRow, Totals } from '../view-worker/view-messages.ts'
import { Amount, AMOUNT_WIDTH } from './Amount.tsx'
import type { Column } from '../data-table/data-table.ts'
import { DataTable } from '../data-table/DataTable.tsx'
import classes from './TreeView.module.css'

/** The calls as an outline; for screen readers the flame graph as a tree grid. */
export function TreeView(props: ViewProps) {
  const { client, query, state, update, found, marked, onPointed } = props
  const texts = useTexts()
  const actions = useActions()
  const [opened, setOpened] = useState<readonly string[] | null>(null)
  const hidesChain = state.chain === 'auto'
  const { data, error } = useWorkerAnswer(client, ['tree', query, opened, hidesChain], () =>
    client.tree({ query, opened, hidesChain }),
  )
  const toggle = useMemo(() => {
    const open = (data?.rows ?? []).filter(({ isOpen }) => isOpen).map(({ key }) => key)
    return (row: KeyedTreeRow) =>
      setOpened(row.isOpen ? open.filter((key) => key !== row.key) : [...open, row.key])
  }, [data])
  const totals = data?.totals
  const columns = useMemo(
    () => (totals === undefined ? [] : columnsOf(totals, texts, toggle)),
    [totals, texts, toggle],
  )
  if ((error !== null && data === undefined) || data?.totals.filteredTotal === 0) {
    return <ViewNotice error={error} filters={state.filters} update={update} />
  }
  if (data === undefined) return <Skeleton height={420} radius="sm" />
  return (
    <DataTable
      label={texts.treeLabel}
      columns={columns}
      rows={data.rows}
      keyOf={keyOf}
      order={{ column: '', isReversed: false }}
      onSort={() => {}}
      isMarked={({ name }) => marked.has(name) || (found?.names.has(name) ?? false)}
      onSelect={({ name }) => update({ selected: name })}
      onMenu={(row, point) => actions.openMenu(subjectOf(row), point)}
      onPoint={(row) => onPointed(row === null ? null : subjectOf(row))}
      outline={{
        levelOf: ({ level }) => level,
        isOpen: (row) => (row.childCount === 0 ? null : row.isOpen),
        placeOf: ({ place }) => place,
        siblingCountOf: ({ siblingCount }) => siblingCount,
        onToggle: toggle,
      }}
    />
  )
}

function subjectOf({ name }: KeyedTreeRow) {
  return { kind: 'func', name, stack: [] } as const
}

function keyOf(row: KeyedTreeRow): string {
  return row.key
}

const INDENT_MAX = 24

function columnsOf(
  { unit, total }: Totals,
  texts: Texts,
  onToggle: (row: KeyedTreeRow) => void,
): readonly Column<KeyedTreeRow>[] {
  const amount = (value: number) => (
    <Amount value={value} share={total === 0 ? 0 : value / total} unit={unit} />
  )
  return [
    {
      id: 'cum',
      title: texts.cum,
      hint: texts.cumHint,
      width: AMOUNT_WIDTH,
      isNumber: true,
      cell: ({ cum }) => amount(cum),
    },
    {
      id: 'flat',
      title: texts.flat,
      hint: texts.flatHint,
      width: AMOUNT_WIDTH,
      isNumber: true,
      isWide: true,
      cell: ({ flat }) => amount(flat),
    },
    {
      id: 'name',
      title: texts.topFunction,
      width: 'minmax(0, 1fr)',
      cell: (row) => (
        <span
          className={classes['name']}
          style={asStyle({ '--level': String(Math.min(row.level - 1, INDENT_MAX)) })}
          title={visibleText(row.name)}
        >
          <UnstyledButton
            className={classes['toggle'] ?? ''}
            tabIndex={-1}
            aria-label={row.isOpen ? texts.treeClose : texts.treeOpen}
            data-empty={row.childCount === 0}
            onClick={(event) => {
              event.stopPropagation()
              onToggle(row)
            }}
          >
            <ChevronIcon size={13} isDown={row.isOpen} />
          </UnstyledButton>
          <span className={`mono ${classes['func']}`}>
            <UntrustedText text={shortFuncName(row.name)} />
          </span>
        </span>
      ),
    },
  ]
}
