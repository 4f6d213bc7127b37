import type { mapCost } from '#common/analysis/saliency/saliency-map.ts'
import { counted } from '#common/text/number-text.ts'

/** What a map takes, in words. */
export function costText({ runs, waysBack }: ReturnType<typeof mapCost>): string {
  const parts = [
    ...(runs > 0 ? [counted(runs, 'run')] : []),
    ...(waysBack > 0 ? [counted(waysBack, 'way back', 'ways back')] : [])
  ]
  return parts.join(', ')
}
