import type { Look } from '#common/figure/look.ts'
import { noCommand } from '#common/figure/provenance.ts'
import { boundsParam } from '#common/figure/views/look-params.ts'

/** Why no command gives a figure its range: it follows its own values on a command line. Null where it does here, too. */
export function otherRange({ follows, shared }: Pick<Look, 'follows' | 'shared'>): string | null {
  if (shared === true) return noCommand.sharedRange
  return follows ? null : 'its range is fixed, and that of a command follows the values'
}

/** The bounds of such a range as its params tell them; empty where a command gives it. */
export function otherBounds(look: Pick<Look, 'follows' | 'shared' | 'range'>) {
  return otherRange(look) === null ? {} : boundsParam(look.range)
}
