import { Button, Skeleton, TextInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { AuditEntry } from '../../api/index.ts'
import { TimeAgo } from '../format/TimeAgo.tsx'
import { auditQuery } from '../requests/account-queries.ts'
import type { Texts } from '../texts/en.ts'
import { useTexts } from '../texts/texts-context.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './SettingsPage.module.css'

/** A whole name of an action; while one is typed, all actions are listed. */
const ACTION = /^[a-z]+\.[a-z-]+$/

export function AuditSection() {
  const texts = useTexts()
  const [filter, setFilter] = useState('')
  const typed = useDeferredValue(filter.trim())
  const query = useInfiniteQuery(auditQuery(ACTION.test(typed) ? typed : ''))
  const entries = query.data?.pages.flatMap(({ items }) => items)
  return (
    <section aria-labelledby="audit">
      <h2 id="audit">{texts.auditTitle}</h2>
      <p className="muted">{texts.auditLead}</p>
      <div className={classes['form']}>
        <TextInput
          label={texts.auditFilter}
          placeholder="token.create"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
      </div>
      {query.isPending && <Skeleton height={160} radius="md" />}
      {query.error !== null && (
        <RequestFailure
          title={texts.auditFailed}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      )}
      {entries?.length === 0 && <p className="muted">{texts.auditEmpty}</p>}
      {entries !== undefined && entries.length > 0 && <AuditTable entries={entries} />}
      {query.hasNextPage && (
        <Button
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {texts.auditMore}
        </Button>
      )}
    </section>
  )
}

function AuditTable({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const texts = useTexts()
  return (
    <div
      className={`card ${classes['table']}`}
      role="region"
      aria-label={texts.auditEntries}
      // oxlint-disable-next-line no-noninteractive-tabindex -- a wide table is scrolled by keys
      tabIndex={0}
    >
      <table>
        <thead>
          <tr>
            <th>{texts.auditTime}</th>
            <th>{texts.auditActor}</th>
            <th>{texts.auditAction}</th>
            <th>{texts.auditObject}</th>
            <th>{texts.auditAddress}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td>
                <TimeAgo time={entry.at} />
              </td>
              <td>
                <UntrustedText
                  text={entry.actor === '' ? namelessActor(entry, texts) : entry.actor}
                />
              </td>
              <td>
                {entry.action}{' '}
                {entry.outcome !== 'done' && (
                  <span className={classes['refused']}>{texts.auditOutcomes[entry.outcome]}</span>
                )}
              </td>
              <td>
                <UntrustedText text={objectOf(entry)} />
              </td>
              <td>{entry.address}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function namelessActor({ actorKind }: AuditEntry, texts: Texts): string {
  return actorKind === 'open' ? texts.auditOpen : texts.auditStranger
}

/** The name of the object where the entry has one, else its id. */
function objectOf({ object, details }: AuditEntry): string {
  const name: unknown = details === null ? null : Reflect.get(details, 'name')
  return typeof name === 'string' ? name : (object ?? '')
}
