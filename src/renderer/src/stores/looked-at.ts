import type { AnalysisRequest } from '#common/contract/session.ts'
import type { ModelMove } from '#common/model/model-ref.ts'
import { movedBy } from '#common/model/moved-to.ts'
import { sessionLimits } from '#common/model/session.ts'

/** Of all requests as JSON, in characters: they are saved with the window. */
const mostCharacters = 2 ** 18

/** By themselves as JSON, the latest last. */
const requests = new Map<string, AnalysisRequest>()
let characters = 0
/** How often another session has been opened. */
let opened = 0
/** Where models of the session that is open were found meanwhile. */
let moves: readonly ModelMove[] = []

/** Notes what an analysis was asked, so that a session may keep what it came to; the oldest give way. */
export function noteRequest(request: AnalysisRequest): void {
  const key = JSON.stringify(request)
  if (key.length > mostCharacters) return
  if (!requests.delete(key)) characters += key.length
  requests.set(key, request)
  for (const oldest of requests.keys()) {
    if (characters <= mostCharacters && requests.size <= sessionLimits.results) return
    requests.delete(oldest)
    characters -= oldest.length
  }
}

/** What notes requests as long as the session is open that is open now: what is answered later is no part of the next. */
export function notesOfSession(): (request: AnalysisRequest) => void {
  const [own, before] = [opened, moves.length]
  return request => {
    if (own === opened) noteRequest(movedBy(request, moves.slice(before)))
  }
}

/** What analyses were asked, the latest last. */
export function lookedAt(): AnalysisRequest[] {
  return [...requests.values()]
}

/** Puts what was asked in another session, which is opened, in place of what is noted. */
export function setLookedAt(before: readonly AnalysisRequest[]): void {
  opened++
  moves = []
  replace(before)
}

/** Has what was asked of a model be of where it lies now, also what is answered later. */
export function moveLookedAt(move: ModelMove): void {
  moves = [...moves, move]
  replace(movedBy(lookedAt(), [move]))
}

function replace(by: readonly AnalysisRequest[]): void {
  requests.clear()
  characters = 0
  by.forEach(noteRequest)
}
