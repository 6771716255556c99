import { useCallback, useState } from 'react'

const SELECTED_MAX = 2

/** Up to two selected rows, for a comparison; a third takes the place of the first. */
export function useSelection() {
  const [selected, setSelected] = useState<readonly string[]>([])
  const toggle = useCallback((id: string) => {
    setSelected((last) =>
      last.includes(id) ? last.filter((one) => one !== id) : [...last, id].slice(-SELECTED_MAX),
    )
  }, [])
  const clear = useCallback(() => setSelected([]), [])
  return { selected, toggle, clear }
}
