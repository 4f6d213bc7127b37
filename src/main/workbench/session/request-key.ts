import { analyses } from '#common/analysis/registry.ts'
import type { AnalysisRequest } from '#common/contract/session.ts'
import { Json } from '#common/model/json.ts'
import { sha256 } from '../../files/sha256.ts'

/** What a result is kept under: the same for what was asked alike, in whatever order it was said. */
export function requestKey(request: AnalysisRequest): string {
  return sha256([JSON.stringify(ordered(request))])
}

/** With the params that are usual where they are left out; as it is where they are not the analysis' own. */
export function wholeRequest(request: AnalysisRequest): AnalysisRequest {
  const analysis = analyses.find(({ name }) => name === request.name)
  const parsed = analysis?.params.safeParse(request.params)
  return parsed?.success === true ? { ...request, params: Json.parse(parsed.data) } : request
}

/** With the names of every object in order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, own]) => [name, ordered(own)]))
}
