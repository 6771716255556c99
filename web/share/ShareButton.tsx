import { Button } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useCanOperate } from '../session/use-can-operate.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ShareIcon } from '../ui/icons.tsx'
import type { ShareSubject } from './ShareDialog.tsx'

const ShareDialog = lazy(async () => {
  const { ShareDialog: Dialog } = await import('./ShareDialog.tsx')
  return { default: Dialog }
})

interface ShareButtonProps {
  readonly subject: ShareSubject
  /** The query string of the shared view, without `?`. */
  readonly view: string
}

/** Opens the dialog that makes links; nothing for those who may not make any. */
export function ShareButton({ subject, view }: ShareButtonProps) {
  const texts = useTexts()
  const canOperate = useCanOperate()
  const [isOpen, setIsOpen] = useState(false)
  if (!canOperate) return null
  return (
    <>
      <Button
        size="compact-md"
        leftSection={<ShareIcon size={15} />}
        onClick={() => setIsOpen(true)}
      >
        {texts.share}
      </Button>
      {isOpen && (
        <Suspense>
          <ShareDialog subject={subject} view={view} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
