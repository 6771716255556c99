import type { ReactNode } from 'react'
import classes from './FilteredPage.module.css'
import { usePageTitle } from '../ui/use-page-title.ts'

interface FilteredPageProps {
  readonly title: string
  readonly lead: string
  /** What the list can be narrowed to, beside it. */
  readonly facets: ReactNode
  readonly children: ReactNode
}

/** The frame of a page with a list and its filters. */
export function FilteredPage({ title, lead, facets, children }: FilteredPageProps) {
  usePageTitle(title)
  return (
    <div className={`page ${classes['page']}`}>
      <header>
        <h1 className="page-title">{title}</h1>
        <p className="muted">{lead}</p>
      </header>
      <div className={classes['columns']}>
        {facets}
        <div className={classes['main']}>{children}</div>
      </div>
    </div>
  )
}
