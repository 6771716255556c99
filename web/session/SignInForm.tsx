import { Button, PasswordInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { useState } from 'react'
import { ServerError } from '../requests/call-server.ts'
import { loginPath } from '../paths.ts'
import { sessionQuery, signIn } from '../requests/session-queries.ts'
import { FailureReason } from '../ui/FailureReason.tsx'
import { Message } from '../ui/Message.tsx'
import { useTexts } from '../texts/texts-context.ts'
import classes from './SignInForm.module.css'

export function SignInForm() {
  const texts = useTexts()
  const queryClient = useQueryClient()
  const [token, setToken] = useState('')
  const attempt = useMutation({
    mutationFn: () => signIn({ token: token.trim() }),
    // Requests that were refused before are repeated.
    onSuccess: () => queryClient.resetQueries(),
  })
  return (
    <Message title={texts.signInTitle}>
      <OtherSignIn />
      <p className="muted">{texts.signInLead}</p>
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault()
          attempt.mutate()
        }}
      >
        <PasswordInput
          autoFocus
          required
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          label={texts.token}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': texts.signInReveal }}
          error={attempt.error === null ? null : <TokenFailure error={attempt.error} />}
        />
        <Button type="submit" loading={attempt.isPending} disabled={token.trim() === ''}>
          {texts.signIn}
        </Button>
      </form>
    </Message>
  )
}

/** The identity provider, where the server has one, and why it last sent the browser back. */
function OtherSignIn() {
  const texts = useTexts()
  const { data: session } = useQuery(sessionQuery())
  const { pathname, search } = useLocation()
  if (session === undefined || session.oidcName === null) return null
  const failure = search['signin']
  return (
    <div className={classes['form']}>
      {failure !== undefined && (
        <p role="alert">{failure === 'forbidden' ? texts.signInDenied : texts.signInRefused}</p>
      )}
      <Button component="a" href={loginPath(pathname)}>
        {texts.signInWith(session.oidcName)}
      </Button>
    </div>
  )
}

function TokenFailure({ error }: { readonly error: Error }) {
  const texts = useTexts()
  const isUnknown = error instanceof ServerError && error.status === 401
  return isUnknown ? texts.signInFailed : <FailureReason error={error} />
}
