import { Button, Modal } from '@mantine/core'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ProfileType } from '../../api/index.ts'
import { useCanUpload } from '../session/use-can-upload.ts'
import { useTexts } from '../texts/texts-context.ts'
import { takeEarlyFiles } from './early-files.ts'
import { filesOf } from './files-of-drop.ts'
import { planUpload } from './plan-upload.ts'
import { UploadList } from './UploadList.tsx'
import { UploadsContext } from './uploads-context.ts'
import classes from './UploadsProvider.module.css'
import { useLocalUploads } from './use-local-uploads.ts'
import { type Uploads, useUploads } from './use-uploads.ts'

interface UploadsProviderProps {
  /** True where files are opened in this browser and not sent. */
  readonly isLocal: boolean
  readonly children: ReactNode
}

/** Takes files that are dropped, pasted or chosen on any page, and shows how their upload goes. */
export function UploadsProvider(props: UploadsProviderProps) {
  const { isLocal } = props
  const texts = useTexts()
  const [sent, opened] = [useUploads(), useLocalUploads()]
  const uploads = isLocal ? opened : sent
  const canUpload = useCanUpload(!isLocal)
  const [type, chooseType] = useState<ProfileType | null>(null)
  const [asked, setAsked] = useState<readonly File[]>([])
  const input = useRef<HTMLInputElement>(null)
  const take = useTakeFiles(uploads, type, setAsked)
  const isOver = useDroppedFiles(canUpload, take)
  const value = useMemo(
    () => ({ uploads, canUpload, chooseFiles: () => input.current?.click(), type, chooseType }),
    [uploads, canUpload, type],
  )
  const answer = (send: (files: readonly File[]) => void) => {
    send(asked)
    setAsked([])
  }
  return (
    <UploadsContext value={value}>
      {props.children}
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={texts.openProfile}
        onChange={(event) => {
          void take([...(event.currentTarget.files ?? [])])
          event.currentTarget.value = ''
        }}
      />
      {isOver && <div className={classes['over']}>{texts.dropAnywhere}</div>}
      <UploadList uploads={uploads} />
      <Modal
        opened={asked.length > 0}
        onClose={() => setAsked([])}
        title={texts.uploadAsk(asked.length)}
        closeButtonProps={{ 'aria-label': texts.close }}
        transitionProps={{ duration: 0 }}
      >
        <p className="muted">{texts.uploadAskLead}</p>
        <div className={classes['answers']}>
          <Button onClick={() => answer((files) => void uploads.sendCapture(files))}>
            {texts.uploadAsCapture}
          </Button>
          <Button
            variant="default"
            onClick={() => answer((files) => void uploads.send(named(files, type)))}
          >
            {texts.uploadAsProfiles}
          </Button>
        </div>
      </Modal>
    </UploadsContext>
  )
}

function named(files: readonly File[], type: ProfileType | null) {
  return files.map((file) => ({ name: file.name, blob: file, type }))
}

function useTakeFiles(
  { send, sendCapture }: Uploads,
  type: ProfileType | null,
  ask: (files: readonly File[]) => void,
) {
  return useCallback(
    async (taken: readonly File[]) => {
      const files = (await Promise.all(taken.map(unpacked))).flat()
      if (files.length === 0) return
      const plan = planUpload(files.map(({ name }) => name))
      if (plan === 'ask') ask(files)
      else if (plan === 'profiles') void send(named(files, type))
      else void sendCapture(files)
    },
    [send, sendCapture, type, ask],
  )
}

/** The files of a zip archive. One that cannot be unpacked is sent as it is: the answer says what is wrong with it. */
async function unpacked(file: File): Promise<readonly File[]> {
  if (!/\.zip$/i.test(file.name)) return [file]
  try {
    const { filesOfZip } = await import('./files-of-zip.ts')
    return await filesOfZip(file)
  } catch {
    return [file]
  }
}

/** Listens on the whole page; returns whether files are held over it. */
function useDroppedFiles(isOn: boolean, take: (files: readonly File[]) => Promise<void>): boolean {
  const [isOver, setIsOver] = useState(false)
  useEffect(() => {
    const early = takeEarlyFiles()
    if (!isOn) return undefined
    for (const files of early) void files.then(take)
    const { signal, abort } = abortable()
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setIsOver(true)
    }
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setIsOver(false)
    }
    const drop = (event: DragEvent) => {
      setIsOver(false)
      if (event.dataTransfer === null || !hasFiles(event)) return
      event.preventDefault()
      void filesOf(event.dataTransfer).then(take)
    }
    const paste = ({ clipboardData }: ClipboardEvent) =>
      void take([...(clipboardData?.files ?? [])])
    document.addEventListener('dragover', over, { signal })
    document.addEventListener('dragleave', leave, { signal })
    document.addEventListener('drop', drop, { signal })
    document.addEventListener('paste', paste, { signal })
    return abort
  }, [isOn, take])
  return isOver
}

function abortable() {
  const stop = new AbortController()
  return { signal: stop.signal, abort: () => stop.abort() }
}
