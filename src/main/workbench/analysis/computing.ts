import type { Report } from '#common/analysis/analysis.ts'
import type { CallContext } from '#common/contract/rpc.ts'

/** Tells a caller how far an analysis has come with what it took. */
export function computing(name: string, { progress }: Pick<CallContext, 'progress'>): Report {
  return (done, total, places) =>
    progress({ label: `Computing ${name}`, done, total, ...(places && { places }) })
}
