import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { CaptureSummary } from '../../api/index.ts'
import { takeCapture } from '../requests/capture-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'

/** Takes another capture of the process of one that did not succeed. */
export function TakeAgainButton({ capture }: { readonly capture: CaptureSummary }) {
  const texts = useTexts()
  const navigate = useNavigate()
  const { target, instance, seconds } = capture
  const again = useMutation({
    mutationFn: () =>
      takeCapture({
        target: target ?? '',
        ...(instance === null ? {} : { instance }),
        ...(seconds === null ? {} : { seconds }),
      }),
    onSuccess: async ({ items: [first] }) => {
      if (first !== undefined) await navigate({ to: '/captures/$id', params: { id: first.id } })
    },
  })
  if (target === null) return null
  return (
    <>
      {again.error !== null && <RequestFailure title={texts.actionFailed} error={again.error} />}
      <Button
        size="compact-md"
        variant="default"
        loading={again.isPending}
        onClick={() => again.mutate()}
      >
        {texts.retry}
      </Button>
    </>
  )
}
