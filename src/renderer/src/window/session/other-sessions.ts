import { useSession } from '../../stores/session.ts'
import { useDocument } from './document.ts'

const most = 8

/** Sessions that were open before and are not the one of the window, newest first. */
export function otherSessions(): readonly { readonly name: string; readonly path: string }[] {
  const { file } = useSession()
  return useDocument()
    .recent.filter(({ path }) => path !== file?.path)
    .slice(0, most)
}
