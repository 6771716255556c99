/** A line of a log in which `...` stands for anything, as an extended regular expression for grep. */
export function logPattern(line: string): string {
  return line
    .split(/\.\.\.|…/)
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`))
    .join('.*')
}
