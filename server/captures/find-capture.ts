import { Type } from 'typebox'
import { AppError, Id } from '../../api/index.ts'
import type { StoredCapture } from '../../store/index.ts'
import type { ServerNeeds } from '../http/server-needs.ts'

export const CaptureParams = Type.Object({ id: Id })

/** Throws CAPTURE_NOT_FOUND. */
export async function findCapture(
  { store }: Pick<ServerNeeds, 'store'>,
  id: string,
): Promise<StoredCapture> {
  const capture = await store.captures.find(id)
  if (capture === null) throw new AppError('CAPTURE_NOT_FOUND')
  return capture
}
