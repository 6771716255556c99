import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { logoutPath } from '../paths.ts'
import { sessionQuery, signOut } from '../requests/session-queries.ts'
import { useTexts } from '../texts/texts-context.ts'

/** Shown only when this browser is signed in. */
export function SignOutButton() {
  const texts = useTexts()
  const queryClient = useQueryClient()
  const { data: session } = useQuery(sessionQuery())
  const leaving = useMutation({
    mutationFn: signOut,
    onSuccess: () => queryClient.resetQueries(),
  })
  if (session?.needsToken !== true || session.role === null) return null
  if (session.oidcName !== null) {
    return (
      <Button component="a" href={logoutPath} size="compact-sm" variant="subtle" color="gray">
        {texts.signOut}
      </Button>
    )
  }
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="gray"
      loading={leaving.isPending}
      onClick={() => leaving.mutate()}
    >
      {texts.signOut}
    </Button>
  )
}
