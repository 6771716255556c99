import { Skeleton } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { TokenSummary } from '../../api/index.ts'
import { TimeAgo } from '../format/TimeAgo.tsx'
import { revokeToken, TOKENS_KEY, tokensQuery } from '../requests/account-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ConfirmButton } from '../ui/ConfirmButton.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import rows from '../lists/Rows.module.css'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { NewTokenForm } from './NewTokenForm.tsx'
import classes from './SettingsPage.module.css'

interface TokensSectionProps {
  /** Whether the server asks for no sign-in yet. */
  readonly isOpen: boolean
}

export function TokensSection({ isOpen }: TokensSectionProps) {
  const texts = useTexts()
  const { data, error, isPending, refetch } = useQuery(tokensQuery())
  return (
    <section aria-labelledby="tokens">
      <h2 id="tokens">{texts.tokensTitle}</h2>
      <p className="muted">{isOpen ? texts.tokensOpen : texts.tokensLead}</p>
      <NewTokenForm isFirst={isOpen} />
      {isPending && <Skeleton height={80} radius="md" />}
      {error !== null && (
        <RequestFailure title={texts.tokensFailed} error={error} onRetry={() => void refetch()} />
      )}
      {data !== undefined && data.items.length > 0 && (
        <ul className={`card ${rows['list']}`}>
          {data.items.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </ul>
      )}
    </section>
  )
}

function TokenRow({ token }: { readonly token: TokenSummary }) {
  const texts = useTexts()
  const [openedAtMs] = useState(() => Date.now())
  const queryClient = useQueryClient()
  const revocation = useMutation({
    mutationFn: () => revokeToken(token.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: TOKENS_KEY }),
  })
  const isOfSettings = token.createdAt === null
  const isExpired = token.expiresAt !== null && Date.parse(token.expiresAt) <= openedAtMs
  const isEnded = token.revokedAt !== null || isExpired
  return (
    <li className={`${classes['row']} ${isEnded ? classes['ended'] : ''}`} data-token={token.name}>
      <UntrustedText text={token.name} />
      <span className={classes['role']}>
        {token.role}
        {token.space !== '*' && ` · ${token.space}`}
      </span>
      <span className="muted">
        <TokenState token={token} isExpired={isExpired} />
      </span>
      {!isEnded && !isOfSettings && (
        <ConfirmButton
          text={texts.tokenRevoke}
          confirmText={texts.tokenRevokeSure}
          isPending={revocation.isPending}
          onConfirm={() => revocation.mutate()}
        />
      )}
    </li>
  )
}

interface TokenStateProps {
  readonly token: TokenSummary
  readonly isExpired: boolean
}

function TokenState({ token, isExpired }: TokenStateProps) {
  const texts = useTexts()
  const { createdAt, revokedAt, expiresAt, lastUsedAt } = token
  if (createdAt === null) return texts.tokenOfSettings
  if (revokedAt !== null) {
    return (
      <>
        {texts.tokenRevoked} <TimeAgo time={revokedAt} />
      </>
    )
  }
  if (isExpired) return texts.tokenExpired
  return (
    <>
      {lastUsedAt === null ? (
        texts.tokenNeverUsed
      ) : (
        <>
          {texts.tokenUsed} <TimeAgo time={lastUsedAt} />
        </>
      )}
      {expiresAt !== null && (
        <>
          {' · '}
          {texts.tokenExpires} <TimeAgo time={expiresAt} />
        </>
      )}
    </>
  )
}
