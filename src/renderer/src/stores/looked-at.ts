import type { Params } from '#common/contract/api.ts'
import { AnalysisRequest } from '#common/contract/session.ts'

/** Of all requests as JSON, in characters: they are saved with the window. */
const mostCharacters = 2 ** 18

const requests = new Map<string, AnalysisRequest>()

/** Notes what an analysis was asked, so that a session may keep what it came to. */
export function noteRequest(asked: Params<'analysis.run'>): void {
  const request = AnalysisRequest.parse(asked)
  const key = JSON.stringify(request)
  requests.delete(key)
  requests.set(key, request)
}

/** What analyses were asked, the latest last, as far as there is room. */
export function lookedAt(): AnalysisRequest[] {
  let room = mostCharacters
  const kept = [...requests].toReversed().filter(([key]) => (room -= key.length) >= 0)
  return kept.map(([, request]) => request).toReversed()
}

/** Puts what was asked before in place of what is noted. */
export function setLookedAt(before: readonly AnalysisRequest[]): void {
  requests.clear()
  before.forEach(noteRequest)
}
