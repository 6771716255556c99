/** The code of pages that stand alone, and the content security policy that allows this code and nothing else. */
declare module 'virtual:viewer' {
  export const script: string
  export const style: string
  export const policy: string
}
