import { providers } from '#common/contract/schemas.ts'
import { useRuns } from '../../stores/runs.ts'
import { useStatus } from '../../stores/status.ts'
import { useTasks } from '../../stores/tasks.ts'
import { useWindow } from '../../stores/window.ts'
import type { Command } from '../command.ts'

/** Running the text, and on what. */
export function runCommands(): Command[] {
  const runs = useRuns()
  const tasks = useTasks()
  const status = useStatus()
  const panels = useWindow()
  const group = 'Run'
  return [
    {
      id: 'run.start',
      group,
      title: 'Run the text',
      keys: ['Mod+Enter'],
      enabled: () => runs.notRunnable === null,
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
    ...(['auto', ...providers] as const).map(provider => ({
      id: `provider.${provider}`,
      group,
      title: `Compute with ${provider}${provider === 'auto' ? ' (the fastest that agrees with the CPU)' : ''}`,
      enabled: () => status.choice !== provider,
      run: () => (status.choice = provider)
    }))
  ]
}
