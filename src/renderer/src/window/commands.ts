import { providers } from '#common/contract/schemas.ts'
import { colorMaps } from '#common/figure/color-table.ts'
import { valueScales } from '#common/figure/value-scale.ts'
import { useModels } from '../stores/models.ts'
import { usePatterns } from '../stores/patterns.ts'
import { useRuns } from '../stores/runs.ts'
import { useSelection } from '../stores/selection.ts'
import { directions, rangeModes, themes, useSettings } from '../stores/settings.ts'
import { useStatus } from '../stores/status.ts'
import { useTabs } from '../stores/tabs.ts'
import { useTasks } from '../stores/tasks.ts'
import { useWindow } from '../stores/window.ts'
import { useWorkspace } from '../stores/workspace.ts'
import { views } from '../views/registry.ts'
import type { Command } from './command.ts'
import { askForModel, openModel } from './open-model.ts'

/** Every command of the window, as things stand now. */
export function commands(): Command[] {
  return [
    ...modelCommands(),
    ...runCommands(),
    ...selectionCommands(),
    ...viewCommands(),
    ...lookCommands(),
    ...windowCommands()
  ]
}

function modelCommands(): Command[] {
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

function runCommands(): Command[] {
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

function selectionCommands(): Command[] {
  const selection = useSelection()
  const runs = useRuns()
  const patterns = usePatterns()
  const tabs = useTabs()
  const workspace = useWorkspace()
  const group = 'Select'
  const hasHeads = () => useModels().active?.config != null
  const move = (layers: number, heads: number) => () => selection.moveHead(layers, heads)
  return [
    {
      id: 'layer.previous',
      group,
      title: 'Previous layer',
      keys: ['['],
      enabled: hasHeads,
      run: move(-1, 0)
    },
    {
      id: 'layer.next',
      group,
      title: 'Next layer',
      keys: [']'],
      enabled: hasHeads,
      run: move(1, 0)
    },
    {
      id: 'head.previous',
      group,
      title: 'Previous head',
      keys: [','],
      enabled: hasHeads,
      run: move(0, -1)
    },
    { id: 'head.next', group, title: 'Next head', keys: ['.'], enabled: hasHeads, run: move(0, 1) },
    ...cursorCommands(),
    {
      id: 'head.clearest',
      group,
      title: 'Head that attends most to the previous token',
      enabled: () => runs.current !== null,
      run: () => {
        const run = runs.current?.run
        if (run) void workspace.selectClearestHead(run.id, run.tokens.length)
      }
    },
    {
      id: 'head.open',
      group,
      title: 'Open the selected head in a tab',
      enabled: hasHeads,
      run: () =>
        tabs.open(
          'head',
          { layer: selection.layer, head: selection.head, pin: null },
          { reuse: tab => !(tab.context as { pin?: unknown } | null)?.pin }
        )
    },
    {
      id: 'cell.copy',
      group,
      title: 'Copy the selected weight, in full precision',
      enabled: () => runs.current !== null && selection.cell !== null,
      run: () => {
        const { current } = runs
        const { cell, layer, head } = selection
        if (!current || !cell) return
        void patterns.pattern(current.run.id, layer, head).then(({ data }) => {
          const weight = data[cell.query * current.run.tokens.length + cell.key]!
          return navigator.clipboard.writeText(String(weight))
        })
      }
    }
  ]
}

function cursorCommands(): Command[] {
  const selection = useSelection()
  const runs = useRuns()
  const group = 'Select'
  const enabled = () => runs.current !== null
  const move = (queries: number, keys: number) => () => {
    const last = (runs.current?.run.tokens.length ?? 1) - 1
    const { query, key } = selection.cell ?? { query: last, key: last }
    selection.selectCell({ query: query + queries, key: key + keys })
  }
  return [
    {
      id: 'query.previous',
      group,
      title: 'Previous query',
      keys: ['ArrowUp'],
      enabled,
      run: move(-1, 0)
    },
    { id: 'query.next', group, title: 'Next query', keys: ['ArrowDown'], enabled, run: move(1, 0) },
    {
      id: 'key.previous',
      group,
      title: 'Previous key',
      keys: ['ArrowLeft'],
      enabled,
      run: move(0, -1)
    },
    { id: 'key.next', group, title: 'Next key', keys: ['ArrowRight'], enabled, run: move(0, 1) }
  ]
}

function viewCommands(): Command[] {
  const tabs = useTabs()
  const group = 'Tab'
  const any = () => tabs.activeId !== null
  const id = () => tabs.activeId
  return [
    ...views
      .filter(({ type }) => type !== 'head')
      .map(view => ({
        id: `view.${view.type}`,
        group,
        title: `Show ${view.title(view.parse({}))}`,
        run: () =>
          tabs.open(view.type, {}, { reuse: tab => !(tab.context as { pin?: unknown }).pin })
      })),
    {
      id: 'tab.close',
      group,
      title: 'Close the tab',
      keys: ['Mod+W', 'Alt+W'],
      enabled: any,
      run: () => tabs.close(id())
    },
    {
      id: 'tab.others',
      group,
      title: 'Close the other tabs',
      enabled: any,
      run: () => tabs.closeOthers(id()!)
    },
    {
      id: 'tab.reopen',
      group,
      title: 'Reopen the closed tab',
      keys: ['Mod+Shift+T', 'Alt+Shift+T'],
      run: () => tabs.reopen()
    },
    {
      id: 'tab.next',
      group,
      title: 'Next tab',
      keys: ['Alt+PageDown'],
      enabled: any,
      run: () => tabs.step(1)
    },
    {
      id: 'tab.previous',
      group,
      title: 'Previous tab',
      keys: ['Alt+PageUp'],
      enabled: any,
      run: () => tabs.step(-1)
    },
    {
      id: 'tab.right',
      group,
      title: 'Split the tab to the right',
      keys: ['Mod+\\'],
      enabled: any,
      run: () => tabs.move(id(), 'right')
    },
    {
      id: 'tab.below',
      group,
      title: 'Split the tab downwards',
      enabled: any,
      run: () => tabs.move(id(), 'below')
    },
    {
      id: 'tab.float',
      group,
      title: 'Float the tab',
      enabled: any,
      run: () => tabs.move(id(), 'float')
    }
  ]
}

function lookCommands(): Command[] {
  const settings = useSettings()
  const choices = <T extends string>(
    group: string,
    values: readonly T[],
    get: () => T,
    set: (value: T) => void
  ): Command[] =>
    values.map(value => ({
      id: `${group} ${value}`,
      group,
      title: `${group}: ${value.replaceAll('-', ' ')}`,
      enabled: () => get() !== value,
      run: () => set(value)
    }))
  return [
    ...choices(
      'Theme',
      themes,
      () => settings.theme,
      value => (settings.theme = value)
    ),
    ...choices(
      'Colour map',
      colorMaps,
      () => settings.colorMap,
      value => (settings.colorMap = value)
    ),
    ...choices(
      'Scale',
      valueScales,
      () => settings.scale,
      value => (settings.scale = value)
    ),
    ...choices(
      'Range',
      rangeModes,
      () => settings.range,
      value => (settings.range = value)
    ),
    ...choices(
      'Reading direction',
      directions,
      () => settings.direction,
      value => (settings.direction = value)
    )
  ]
}

function windowCommands(): Command[] {
  const panels = useWindow()
  const settings = useSettings()
  const workspace = useWorkspace()
  const group = 'Window'
  return [
    {
      id: 'palette',
      group,
      title: 'All commands',
      keys: ['Mod+K', 'Mod+Shift+P'],
      run: () => (panels.dialog = 'palette')
    },
    { id: 'keys', group, title: 'List of keys', keys: ['?'], run: () => (panels.dialog = 'keys') },
    {
      id: 'workspace.save',
      group,
      title: 'Save the workspace',
      keys: ['Mod+S'],
      run: () => void workspace.saveOnRequest()
    },
    {
      id: 'panel.left',
      group,
      title: 'Show or hide the models',
      keys: ['Mod+B'],
      run: () => (panels.left.open = !panels.left.open)
    },
    {
      id: 'panel.right',
      group,
      title: 'Show or hide the inspector',
      keys: ['Mod+I'],
      run: () => (panels.right.open = !panels.right.open)
    },
    {
      id: 'panel.tokens',
      group,
      title: 'Show or hide the tokens',
      run: () => (panels.tokens.open = !panels.tokens.open)
    },
    {
      id: 'hints',
      group,
      title: 'Show the first hints again',
      run: () => (settings.hints = ['grid', 'text', 'palette'])
    }
  ]
}
