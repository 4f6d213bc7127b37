import { packedHistory, unpackedHistory, type PackedHistory } from '../../stores/packed-history.ts'
import type { History } from '../../stores/session-history.ts'
import type { SessionValue } from './session-value.ts'

/** What was done to a session, as a window leaves it. */
export interface LeftHistory {
  /** Of the Lamella that it is of. */
  readonly version: string
  readonly history: History<SessionValue>
  /** The session as it was left. */
  readonly present: SessionValue
  /** Where the history stood as the session was saved; null for nowhere. */
  readonly saved: number | null
  /** When the session's file was saved; null where it has none. */
  readonly fileAt: number | null
}

const place = 'history'
/** A page may keep some five million. */
const mostCharacters = 2 ** 21

/** Leaves what was done in the page's own storage, which outlives a reload and no window; nothing where there is no room. */
export function leaveHistory({ history, ...rest }: LeftHistory): void {
  const packed = packedHistory(history, mostCharacters)
  try {
    sessionStorage.setItem(place, JSON.stringify({ ...rest, packed }))
  } catch {
    // What was left before is of an earlier session.
    sessionStorage.removeItem(place)
  }
}

/**
 * Takes what was left by this page before it was loaded anew; null where nothing was, or by another version, or what is there is
 * not what a page leaves.
 * @param now the session: those that were kept have its members
 */
export function takeHistory(version: string, now: SessionValue): LeftHistory | null {
  const left = sessionStorage.getItem(place)
  sessionStorage.removeItem(place)
  if (left === null) return null
  try {
    const { packed, ...rest } = JSON.parse(left) as Omit<LeftHistory, 'history'> & {
      readonly packed: PackedHistory
    }
    if (rest.version !== version) return null
    const history = unpackedHistory<SessionValue>(packed)
    const steps = [...history.past, ...history.future]
    const values = [rest.present, ...steps.flatMap(({ before, after }) => [before, after])]
    const names = Object.keys(now) as (keyof SessionValue)[]
    const areWhole = values.every(value =>
      names.every(name => typeof value[name] === typeof now[name] && value[name] !== null)
    )
    return areWhole ? { ...rest, history } : null
  } catch {
    return null
  }
}
