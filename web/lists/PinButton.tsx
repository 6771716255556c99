import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTexts } from '../texts/texts-context.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'

interface PinButtonProps {
  /** Since when retention keeps it; `null` where it does not. */
  readonly pinnedAt: string | null
  readonly onPin: (isPinned: boolean) => Promise<void>
  /** What to load again afterwards. */
  readonly queryKey: readonly string[]
}

/** Has retention keep something, or lets it go again. */
export function PinButton({ pinnedAt, onPin, queryKey }: PinButtonProps) {
  const texts = useTexts()
  const queryClient = useQueryClient()
  const change = useMutation({
    mutationFn: onPin,
    onSettled: () => queryClient.invalidateQueries({ queryKey: [...queryKey] }),
  })
  return (
    <>
      {change.error !== null && <RequestFailure title={texts.actionFailed} error={change.error} />}
      <Button
        size="compact-md"
        variant="default"
        aria-pressed={pinnedAt !== null}
        title={texts.pinHint}
        loading={change.isPending}
        onClick={() => change.mutate(pinnedAt === null)}
      >
        {pinnedAt === null ? texts.chosenPin : texts.chosenUnpin}
      </Button>
    </>
  )
}
