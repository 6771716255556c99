import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { profilesQuery } from '../requests/list-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import classes from '../ui/FilteredPage.module.css'
import { ListFacets } from '../ui/ListFacets.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { TimeFields } from '../ui/TimeFields.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { readListFilter } from '../view-state/list-filter.ts'
import type { SearchParams } from '../view-state/search-params.ts'
import { ProfileTable } from './ProfileTable.tsx'

const FILTERS = ['status', 'type', 'component', 'target']

/** Profiles, newest first, with their worst findings. */
export function ProfilesPage() {
  const texts = useTexts()
  usePageTitle(texts.profilesTitle)
  const params: SearchParams = useSearch({ from: '/profiles' })
  const navigate = useNavigate()
  const [openedAtMs] = useState(() => Date.now())
  const filter = readListFilter(params, FILTERS, openedAtMs)
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    profilesQuery(filter),
  )
  const profiles = data?.pages.flatMap(({ items }) => items)
  const change = (search: SearchParams) => void navigate({ to: '/profiles', search, replace: true })
  return (
    <div className={`page ${classes['page']}`}>
      <header>
        <h1 className="page-title">{texts.profilesTitle}</h1>
        <p className="muted">{texts.profilesLead}</p>
      </header>
      <div className={classes['columns']}>
        <ListFacets list="profiles" names={FILTERS} {...{ filter, params }} onChange={change} />
        <div className={classes['main']}>
          <div className={classes['bar']}>
            <TimeFields params={params} onChange={change} />
          </div>
          {profiles === undefined && error === null && <Skeleton height={240} radius="md" />}
          {error !== null && (
            <RequestFailure
              title={texts.recentFailed}
              error={error}
              onRetry={() => void refetch()}
            />
          )}
          {profiles?.length === 0 && (
            <p className={`card ${classes['empty']}`}>
              {Object.keys(filter).length > 0 ? texts.profilesNone : texts.recentEmpty}
            </p>
          )}
          {profiles !== undefined && profiles.length > 0 && <ProfileTable profiles={profiles} />}
          {hasNextPage && (
            <Button
              size="compact-md"
              variant="default"
              loading={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              {texts.profilesMore}
            </Button>
          )}
        </div>
      </div>
    </div>
  )
}
