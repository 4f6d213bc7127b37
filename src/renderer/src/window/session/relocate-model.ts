import type { Result } from '#common/contract/api.ts'
import type { ModelRef } from '#common/model/model-ref.ts'
import { movedTo } from '#common/model/moved-to.ts'
import { useClient } from '../../stores/client.ts'
import { useLibrary } from '../../stores/library.ts'
import { useModels } from '../../stores/models.ts'
import { fileOf, useSession } from '../../stores/session.ts'
import { useTasks } from '../../stores/tasks.ts'
import { useWorkspace } from '../../stores/workspace.ts'

/** A model of the session that lies elsewhere. */
type Relocated = Result<'sessions.relocate'>

/**
 * Has a model of the session be taken for one that lies elsewhere, or lay there before.
 * @throws LamellaError where that is another model
 */
export function relocatedModel(from: ModelRef, to: string | ModelRef): Promise<Relocated> {
  const { id } = useSession().file!
  return useTasks().track('Looking at the model', options =>
    useClient().call('sessions.relocate', { id, from, to }, options)
  )
}

/**
 * Has all of the window speak of a model where it lies now, at once.
 * @returns ends once the models are open
 */
export async function speakOf(from: ModelRef, { session: opened, model: there }: Relocated) {
  const models = useModels()
  const session = useSession()
  const workspace = useWorkspace()
  session.takeMoved(fileOf(opened))
  const window = movedTo(workspace.sessionWindow(), from, there)
  const { notes, findings, figures, runs, forgotten } = session
  const all = [...runs, ...forgotten]
  session.take(movedTo({ notes, findings, figures, runs: all }, from, there))
  session.forget(movedTo(forgotten, from, there))
  const left = models.open.filter(({ path }) => path === from.path)
  const closing = left.map(({ id }) => models.close(id))
  const opening = workspace.restoreSession(window)
  await Promise.all([...closing, opening, useLibrary().takeRuns(session.runs)])
}
