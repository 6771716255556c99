import type { Texts } from '../texts/en.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { visibleText } from '../untrusted/visible-text.ts'
import type { Column } from '../data-table/data-table.ts'
import { byText } from '../data-table/sort-rows.ts'

/** The column of function names, which takes the width that the others leave. */
export function functionColumn<Row extends { readonly name: string }>(texts: Texts): Column<Row> {
  return {
    id: 'name',
    title: texts.topFunction,
    width: 'minmax(0, 1fr)',
    cell: ({ name }) => (
      <span className="mono" title={visibleText(name)}>
        <UntrustedText text={name} />
      </span>
    ),
    compare: byText(({ name }) => name),
  }
}
