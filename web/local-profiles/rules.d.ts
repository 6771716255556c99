/** Made by `rules-plugin.ts` when the app is built. */
declare module 'virtual:rules' {
  import type { RuleImage } from '../../diagnosis/index.ts'

  const image: RuleImage
  export default image
}
