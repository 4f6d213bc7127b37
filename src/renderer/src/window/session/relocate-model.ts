import type { Result } from '#common/contract/api.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { ModelMove, ModelRef } from '#common/model/model-ref.ts'
import { movedTo } from '#common/model/moved-to.ts'
import { useClient } from '../../stores/client.ts'
import { useLibrary } from '../../stores/library.ts'
import { moveLookedAt } from '../../stores/looked-at.ts'
import { useModels } from '../../stores/models.ts'
import { fileOf, useSession } from '../../stores/session.ts'
import { useTabs } from '../../stores/tabs.ts'
import { useTasks } from '../../stores/tasks.ts'
import { useWorkspace } from '../../stores/workspace.ts'

/** A model of the session that lies elsewhere. */
type Relocated = Result<'sessions.relocate'>

/**
 * Has a model of a session be taken for one that lies elsewhere, or lay there before.
 * @param id of the session
 * @throws LamellaError where that is another model, or the window has another session by then
 */
export async function relocatedModel(
  id: string,
  from: ModelRef,
  to: string | ModelRef
): Promise<Relocated> {
  checkIsThere(id)
  const found = await useTasks().track('Looking at the model', options =>
    useClient().call('sessions.relocate', { id, from, to }, options)
  )
  checkIsThere(id)
  return found
}

function checkIsThere(id: string): void {
  if (useSession().file?.id === id) return
  const message = 'The session became another while the model was looked at'
  throw new LamellaError('file-changed', message, 'Point to the model again.')
}

/**
 * Has all of the window speak of a model where it lies now, at once.
 * @returns ends once the models are open
 */
export async function speakOf(from: ModelRef, { session: opened, model: to }: Relocated) {
  useSession().takeMoved(fileOf(opened))
  await speakThere({ from, to })
}

/** The same where the session's file has it there already. */
export async function speakThere({ from, to }: ModelMove) {
  const session = useSession()
  const workspace = useWorkspace()
  const window = movedTo(workspace.sessionWindow(), from, to)
  session.speakThere({ from, to })
  moveLookedAt({ from, to })
  const tabs = useTabs()
  tabs.closed = movedTo(tabs.closed, from, to)
  const models = useModels()
  const chosen = movedTo(models.taken, from, to)
  const leaving = models.leave(from.path)
  const opening = workspace.restoreSession(window, undefined, { fingerprints: {}, ids: {}, chosen })
  await Promise.all([leaving, opening, useLibrary().takeRuns(session.runs)])
}
