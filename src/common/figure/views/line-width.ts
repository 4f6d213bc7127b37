import { z } from 'zod'

/** Lines are no shorter, in CSS pixels. */
export const leastLine = 100
const most = 4000

/** How long lines of a text are that flows in them, in CSS pixels. */
export const LineWidth = z.number().min(leastLine).max(most).default(480)

/** The lines in which a text flows as in others that are at most so long: longer by less than a letter. */
export function lineWidth(longest: number): number {
  return Math.min(most, Math.max(leastLine, Math.floor(longest) + 1))
}
