import type { ModelInfo } from '#common/contract/schemas.ts'
import { presentText } from '#common/model/absence.ts'
import { useModels } from '../../stores/models.ts'
import { useSession } from '../../stores/session.ts'
import { useWindow } from '../../stores/window.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import type { Command } from '../command.ts'
import { askForBase, askForModel, openModel, takeKept, takePresent } from '../open-model.ts'

/** Opening and closing models. */
export function modelCommands(): Command[] {
  const models = useModels()
  const group = 'Model'
  const { active } = models
  const present = active && presentText(active)
  const known = [...models.samples, ...models.recent, ...models.cached]
  const beside = active ? useSession().keepsBeside(active) : []
  const unique = known.filter(({ path }, i) => known.findIndex(m => m.path === path) === i)
  return [
    {
      id: 'model.open',
      group,
      title: 'Open a model…',
      keys: ['Mod+O'],
      run: () => void askForModel()
    },
    {
      id: 'model.reopen',
      group,
      title: 'Open the models again, as their files are now',
      enabled: () => models.open.length > 0,
      run: () => void useWorkspace().reopenModels()
    },
    {
      id: 'model.close',
      group,
      name: 'Close the model',
      title: `Close ${models.active ? models.nameAt(models.active.path) : 'the model'}`,
      enabled: () => models.active !== null,
      run: () => void models.close(models.activeId!)
    },
    {
      id: 'model.locate',
      group,
      name: 'Point to the model',
      title: `Point to ${models.active ? models.nameAt(models.active.path) : 'the model'}…`,
      enabled: () => active?.absent !== undefined && active.absent !== 'aside',
      run: () => useWindow().locate(models.active!)
    },
    {
      id: 'model.present',
      group,
      name: 'Open the model that is there',
      title: `Open ${active ? models.nameAt(active.path) : 'the model'} as it is there`,
      words: present ?? '',
      enabled: () => present !== null,
      run: () => void takePresent(models.active!)
    },
    {
      id: 'model.kept',
      group,
      name: 'Show what the session kept of the model',
      title: `Show what the session kept of ${active ? models.nameAt(active.path) : 'the model'}`,
      words: 'in its place, as it was saved',
      enabled: () => active !== null && useSession().keeps(active),
      run: () => void takeKept(models.active!)
    },
    ...beside.map(ref => ({
      id: `model.kept ${ref.fingerprint}`,
      group,
      title: `Show what the session kept of other files of ${models.nameAt(ref.path)}`,
      ...(beside.length > 1 && { note: ref.fingerprint.slice(0, 8) }),
      run: () => void takeKept(ref)
    })),
    {
      id: 'describe-model',
      group,
      title: 'Describe this model…',
      enabled: () => isHomeMade(models.active),
      run: () => (useWindow().dialog = 'describe')
    },
    {
      id: 'model.base',
      group,
      title: 'Choose the model that the adapter adapts…',
      enabled: () => models.active?.adapter?.canBeApplied === true,
      run: () => void askForBase(models.active!.path)
    },
    {
      id: 'model.adapter-alone',
      group,
      title: 'Look at the adapter alone',
      enabled: () => models.active?.adapter != null && models.active.adapter.base !== null,
      run: () => void openModel(models.active!.path, { base: null })
    },
    ...unique.map(({ path }) => ({
      id: `model.recent ${path}`,
      group,
      title: `Open ${models.listedName(path)}`,
      enabled: () => models.active?.path !== path,
      run: () => void openModel(path)
    }))
  ]
}

/** Whether no family reads a model, so that the user may say how it is read. */
function isHomeMade(model: ModelInfo | null): boolean {
  return model !== null && !model.adapter && (model.family === null || model.family === 'described')
}
