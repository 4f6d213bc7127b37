import { useModels } from '../../stores/models.ts'
import type { Command } from '../command.ts'
import { askForModel, openModel } from '../open-model.ts'

/** Opening and closing models. */
export function modelCommands(): Command[] {
  const models = useModels()
  const group = 'Model'
  const known = [...models.samples, ...models.recent]
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
      id: 'model.close',
      group,
      title: `Close ${models.active?.name ?? 'the model'}`,
      enabled: () => models.active !== null,
      run: () => void models.close(models.activeId!)
    },
    ...unique.map(({ name, path }) => ({
      id: `model.recent ${path}`,
      group,
      title: `Open ${name}`,
      enabled: () => models.active?.path !== path,
      run: () => void openModel(path)
    }))
  ]
}
