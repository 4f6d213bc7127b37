import { missingPattern } from '../../stores/model-facts.ts'
import { useModels } from '../../stores/models.ts'
import { patternOf } from '../../stores/analyses.ts'
import { useResults } from '../../stores/results.ts'
import { useRuns } from '../../stores/runs.ts'
import { useSelection } from '../../stores/selection.ts'
import { useStreaming } from '../../stores/streaming.ts'
import { useTabs } from '../../stores/tabs.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { stepped } from '../../ui/attention-map/moved-cursor.ts'
import type { Command } from '../command.ts'

/** Moving the selection. */
export function selectionCommands(): Command[] {
  const selection = useSelection()
  const runs = useRuns()
  const results = useResults()
  const tabs = useTabs()
  const workspace = useWorkspace()
  const group = 'Select'
  /** Whether the selected head's pattern is there without running more than was asked for. */
  const givesPattern = () => {
    const { active } = useModels()
    const { layer } = selection
    if (!runs.current || !active || missingPattern(active, layer) !== null) return false
    return useStreaming().mayAsk(runs.current, layer)
  }
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
      enabled: () => runs.current?.complete === true,
      run: () => {
        if (runs.current) void workspace.selectClearestHead(runs.current)
      }
    },
    {
      id: 'head.open',
      group,
      title: 'Open the selected head in a tab',
      enabled: hasHeads,
      run: () => tabs.open('head')
    },
    {
      id: 'cell.copy',
      group,
      title: 'Copy the selected weight, in full precision',
      enabled: () => selection.cell !== null && givesPattern(),
      run: () => {
        const { current } = runs
        const { cell, layer, head } = selection
        if (!current || !cell) return
        void results.ask(patternOf(current, layer, head)).then(({ data }) => {
          const weight = data[cell.query * current.tokens.length + cell.key]!
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
  const move = (query: number, key: number) => () => {
    const size = runs.current?.tokens.length ?? 1
    const visibility = useModels().active?.visibility?.[selection.layer] ?? null
    const cell = selection.cell ?? { query: size - 1, key: size - 1 }
    selection.selectCell(stepped(cell, { query, key }, { size, visibility, mirrored: false }))
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
