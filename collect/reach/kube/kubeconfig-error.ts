/** A kubeconfig cannot be used. The message is one sentence without secrets. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError'
}
