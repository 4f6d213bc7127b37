import type { Profiles } from '#common/figure/profile.ts'
import type { Cell, Hover } from '#common/model/subject.ts'

/**
 * The row and the column whose profiles stand beside a map: what is pointed at, else what is selected. A row that is
 * pinned stays, and the other is drawn over it.
 */
export function profilesOf(
  pinned: number | null,
  cursor: Cell | null,
  hover: Hover | null
): Profiles {
  const query = hover?.query ?? cursor?.query
  const key = hover?.key ?? cursor?.key
  const queries = [pinned, query].filter(at => at != null)
  return { queries: [...new Set(queries)], keys: key == null ? [] : [key] }
}
