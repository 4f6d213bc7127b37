import { useSession } from '../../stores/session.ts'
import { useDocument } from './document.ts'

const most = 8

/** A session that was open before. */
export interface OtherSession {
  readonly name: string
  readonly path: string
  /** Whether it is known not to be there any more. */
  readonly missing: boolean
}

/** Sessions that were open before and are not the one of the window, newest first. */
export function otherSessions(): readonly OtherSession[] {
  const { file } = useSession()
  const { recent, missing } = useDocument()
  return recent
    .filter(({ path }) => path !== file?.path)
    .slice(0, most)
    .map(({ name, path }) => ({ name, path, missing: missing.has(path) }))
}

/** Those of them that may be there to be opened. */
export function sessionsToOpen(): readonly OtherSession[] {
  return otherSessions().filter(({ missing }) => !missing)
}
