import { createContext, useContext } from 'react'
import type { ProfileType } from '../../api/index.ts'
import type { Uploads } from './use-uploads.ts'

export interface UploadsContextValue {
  readonly uploads: Uploads
  /** Whether this browser may send files. */
  readonly canUpload: boolean
  /** Opens the browser's dialog to choose files. */
  readonly chooseFiles: () => void
  /** The profile type of files that do not contain it. */
  readonly type: ProfileType | null
  readonly chooseType: (type: ProfileType | null) => void
}

export const UploadsContext = createContext<UploadsContextValue>({
  uploads: { items: [], send: async () => {}, sendCapture: async () => {}, dismiss: () => {} },
  canUpload: false,
  chooseFiles: () => {},
  type: null,
  chooseType: () => {},
})

export function useUploadsContext(): UploadsContextValue {
  return useContext(UploadsContext)
}
