import type { Edit } from '#common/model/edit.ts'

/** The edits that change anything: one of scale 1 that adds nothing leaves a run as it is, bit for bit. */
export function effectiveEdits(edits: readonly Edit[]): Edit[] {
  return edits.filter(({ scale, add }) => scale !== 1 || (add !== null && add !== 0))
}
