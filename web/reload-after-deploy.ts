import { isServerReachable } from './requests/reach-server.ts'

const STORAGE_KEY = 'kubeprof-reloaded-at'
/** A second reload within this time would be a loop. */
const AGAIN_AFTER_MS = 30_000

/**
 * Reloads the page when a part of it is gone because the server has a newer version. While the server does not answer
 * nothing is reloaded: the page would be replaced by the browser's own.
 */
export function reloadAfterDeploy(): void {
  window.addEventListener('vite:preloadError', () => {
    void isServerReachable().then((isReachable) => {
      if (isReachable && mayReload()) location.reload()
    })
  })
}

function mayReload(): boolean {
  try {
    const lastMs = Number(sessionStorage.getItem(STORAGE_KEY) ?? 0)
    if (Date.now() - lastMs < AGAIN_AFTER_MS) return false
    sessionStorage.setItem(STORAGE_KEY, String(Date.now()))
    return true
  } catch {
    return false
  }
}
