import { Type } from 'typebox'
import { AppError, Id } from '../../api/index.ts'
import type { SpaceStore, StoredCapture } from '../../store/index.ts'

export const CaptureParams = Type.Object({ id: Id })

/** Throws CAPTURE_NOT_FOUND. */
export async function findCapture(
  { captures }: Pick<SpaceStore, 'captures'>,
  id: string,
): Promise<StoredCapture> {
  const capture = await captures.find(id)
  if (capture === null) throw new AppError('CAPTURE_NOT_FOUND')
  return capture
}
