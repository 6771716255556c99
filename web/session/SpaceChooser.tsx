import { NativeSelect } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { changeSpace, spacesQuery } from '../requests/account-queries.ts'
import { sessionQuery } from '../requests/session-queries.ts'
import { useTexts } from '../texts/texts-context.ts'

/** Shown only when this browser has signed in and may show several spaces. */
export function SpaceChooser() {
  const texts = useTexts()
  const queryClient = useQueryClient()
  const { data: session } = useQuery(sessionQuery())
  const isSignedIn = session?.needsToken === true && session.role !== null
  const { data } = useQuery({ ...spacesQuery(), enabled: isSignedIn })
  const change = useMutation({
    mutationFn: changeSpace,
    // Everything on the page was of the other space.
    onSuccess: () => queryClient.resetQueries(),
  })
  if (!isSignedIn || data === undefined || data.items.length < 2) return null
  return (
    <NativeSelect
      size="xs"
      aria-label={texts.spaceShown}
      value={session.space ?? ''}
      disabled={change.isPending}
      data={data.items.map(({ name, title }) => ({ value: name, label: title }))}
      onChange={(event) => change.mutate(event.currentTarget.value)}
    />
  )
}
