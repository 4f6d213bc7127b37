import { useModels } from '../../stores/models.ts'
import { useRuns } from '../../stores/runs.ts'
import { useStatus } from '../../stores/status.ts'
import { useStreaming } from '../../stores/streaming.ts'
import { useTasks } from '../../stores/tasks.ts'
import { useTabs } from '../../stores/tabs.ts'
import { useWindow } from '../../stores/window.ts'
import type { Command } from '../command.ts'
import { nameEdits } from '../verbs/item-verbs.ts'
import { nameInput } from '../verbs/past-verbs.ts'

/** Running the text, and on what. */
export function runCommands(): Command[] {
  const runs = useRuns()
  const tasks = useTasks()
  const status = useStatus()
  const panels = useWindow()
  const group = 'Run'
  const editsNow = () => {
    const { active } = useModels()
    return active ? runs.editsOf(active, useTabs().scope) : []
  }
  return [
    {
      id: 'run.start',
      group,
      title: 'Run the text',
      keys: ['Mod+Enter'],
      run: () => void runs.start()
    },
    {
      id: 'run.cancel',
      group,
      title: 'Cancel what is running',
      keys: ['Escape'],
      whileTyping: true,
      enabled: () => tasks.busy,
      run: () => tasks.cancelAll()
    },
    {
      id: 'text.focus',
      group,
      title: 'Edit the text',
      keys: ['Mod+L', '/'],
      run: () => panels.textFocus++
    },
    {
      id: 'text.name',
      group,
      title: 'Name the text…',
      enabled: () => useModels().active !== null && runs.text.trim() !== '',
      run: () => {
        const { active } = useModels()
        if (active) nameInput(runs.sourceOf(active, useTabs().scope).input)
      }
    },
    {
      id: 'edits.keep',
      group,
      title: 'Keep these edits…',
      enabled: () => editsNow().length > 0,
      run: () => nameEdits(editsNow())
    },
    {
      id: 'run.complete',
      group,
      title: 'Run all blocks',
      enabled: () => runs.current?.complete === false,
      run: () => {
        const { current } = runs
        const layers = useModels().active?.config?.nLayers
        if (current && layers !== undefined) void useStreaming().runAll(current, layers)
      }
    },
    {
      id: 'memory.budget',
      group,
      title: 'Memory budget…',
      run: () => (panels.dialog = 'memory')
    },
    ...status.choices.map(provider => ({
      id: `provider.${provider}`,
      group,
      words: 'Provider',
      title: `Compute with ${provider}${provider === 'auto' ? ' (the fastest that agrees with the CPU)' : ''}`,
      enabled: () => status.choice !== provider,
      run: () => (status.choice = provider)
    }))
  ]
}
