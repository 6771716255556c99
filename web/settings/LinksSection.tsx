import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { linksQuery } from '../requests/link-queries.ts'
import { LinkList } from '../share/LinkList.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import classes from './SettingsPage.module.css'

/** All links that were made: what is shared, with whom in mind, and whether it is still read. */
export function LinksSection() {
  const texts = useTexts()
  const { data, error, refetch } = useQuery(linksQuery(null))
  return (
    <section aria-labelledby="links">
      <h2 id="links">{texts.linksTitle}</h2>
      <p className="muted">{texts.linksLead}</p>
      {data === undefined && error === null && <Skeleton height={80} radius="md" />}
      {error !== null && (
        <RequestFailure title={texts.linksFailed} error={error} onRetry={() => void refetch()} />
      )}
      {data?.items.length === 0 && <p className={`muted ${classes['none']}`}>{texts.linksNone}</p>}
      {data !== undefined && data.items.length > 0 && (
        <div className={`card ${classes['links']}`}>
          <LinkList links={data.items} />
        </div>
      )}
    </section>
  )
}
