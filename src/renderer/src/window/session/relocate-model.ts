import type { ModelRef } from '#common/model/model-ref.ts'
import { movedTo } from '#common/model/moved-to.ts'
import { useClient } from '../../stores/client.ts'
import { useLibrary } from '../../stores/library.ts'
import { useModels } from '../../stores/models.ts'
import { fileOf, useSession } from '../../stores/session.ts'
import { useTasks } from '../../stores/tasks.ts'
import { useWorkspace } from '../../stores/workspace.ts'

/**
 * Has a model of the session be taken for one that lies elsewhere, or lay there before, and all of the window speak of it there.
 * @returns what it is there
 * @throws LamellaError where that is another model
 */
export async function relocateModel(from: ModelRef, to: string | ModelRef): Promise<ModelRef> {
  const models = useModels()
  const session = useSession()
  const workspace = useWorkspace()
  const { id } = session.file!
  const { session: opened, model: there } = await useTasks().track(
    'Looking at the model',
    options => useClient().call('sessions.relocate', { id, from, to }, options)
  )
  session.file = fileOf(opened)
  const window = movedTo(workspace.sessionWindow(), from, there)
  const { notes, findings, figures, runs, forgotten } = session
  const all = [...runs, ...forgotten]
  session.take(movedTo({ notes, findings, figures, runs: all }, from, there))
  session.forget(movedTo(forgotten, from, there))
  await useLibrary().takeRuns(session.runs)
  const open = models.open.find(({ path }) => path === from.path)
  if (open) await models.close(open.id)
  await workspace.restoreSession(window)
  return there
}
