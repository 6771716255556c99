import { useEffect } from 'react'

const PRODUCT = 'kubeprof'

/** Names the page in its tab and in the history; ten tabs are told apart by their first words. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? PRODUCT : `${title} · ${PRODUCT}`
  }, [title])
}
