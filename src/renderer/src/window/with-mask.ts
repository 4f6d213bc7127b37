import type { Token } from '#common/model/token.ts'

/** A text with one of its tokens masked; a space before the token stays. */
export function withMask(
  text: string,
  { start, end }: Pick<Token, 'start' | 'end'>,
  mask: string
): string {
  const [space = ''] = /^\s*/.exec(text.slice(start, end)) ?? []
  return text.slice(0, start) + space + mask + text.slice(end)
}
