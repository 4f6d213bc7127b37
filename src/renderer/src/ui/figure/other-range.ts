import type { Look } from '#common/figure/look.ts'
import { noCommand, type NoCommand } from '#common/figure/provenance.ts'

/** Why no command gives a figure its range: it follows its own values on a command line. Null where it does here, too. */
export function otherRange({
  follows,
  shared
}: Pick<Look, 'follows' | 'shared'>): NoCommand | null {
  if (shared === true) return noCommand.sharedRange
  return follows ? null : { none: 'its range is fixed, and that of a command follows the values' }
}
