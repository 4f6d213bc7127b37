import type { Look } from './look.ts'

type Letters = Pick<Look, 'sans' | 'size' | 'most'>

/** Letters of a figure's title. */
export function titleLetters(look: Letters) {
  return { font: look.sans, size: larger(look, 2), weight: 600 } as const
}

/** Letters of what stands above a part of a figure, and of the letter that it is called by. */
export function headingLetters(look: Letters) {
  return { font: look.sans, size: larger(look, 1), weight: 600 } as const
}

/** A size larger than that of labels by so many CSS pixels, unless that is more than a look allows. */
function larger({ size, most = Infinity }: Letters, more: number): number {
  return Math.max(size, Math.min(size + more, most))
}
