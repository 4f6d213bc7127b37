import { cssColor } from './color-table.ts'
import type { Look } from './look.ts'

/** The colour of an amount that stands as a bar, by its sign: that of maps of differences. */
export function signedColor(value: number, { paper }: Pick<Look, 'paper'>): string {
  return cssColor('difference', value < 0 ? 0.25 : 0.75, paper)
}
