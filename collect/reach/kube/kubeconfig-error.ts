/** A kubeconfig cannot be used. The message is one sentence, and holds no secret. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError'
}
