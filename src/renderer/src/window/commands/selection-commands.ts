import { missingPattern } from '../../stores/model-facts.ts'
import { patternOf } from '../../stores/analyses.ts'
import { useResults } from '../../stores/results.ts'
import { useFocus } from '../../stores/focus.ts'
import { useSettings } from '../../stores/settings.ts'
import { useStreaming } from '../../stores/streaming.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { stepped } from '../../ui/attention-map/moved-cursor.ts'
import { openObject } from '../verbs/open-object.ts'
import type { Command } from '../command.ts'

/** Moving the selection. */
export function selectionCommands(): Command[] {
  const { subject } = useFocus()
  const results = useResults()
  const settings = useSettings()
  const workspace = useWorkspace()
  const group = 'Select'
  /** Whether the selected head's pattern is there without running more than was asked for. */
  const givesPattern = () => {
    const { model, run, layer } = subject
    if (!run || !model || missingPattern(model, layer) !== null) return false
    return useStreaming().mayAsk(run, layer)
  }
  const onHidden = () => settings.firstToken === 'hidden' && subject.cell?.key === 0
  const hasHeads = () => subject.model?.config != null
  const move = (layers: number, heads: number) => () =>
    subject.selectHead(subject.layer + layers, subject.head + heads)
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
      enabled: () => subject.run?.complete === true,
      run: () => void workspace.selectClearestHead()
    },
    {
      id: 'head.open',
      group,
      title: 'Open the selected head in a tab',
      enabled: hasHeads,
      run: () => {
        const fixed = subject.fixed()
        if (fixed) openObject(fixed)
      }
    },
    {
      id: 'selection.clear',
      group,
      title: 'Select nothing together any more',
      words: 'clear deselect selection',
      keys: ['Escape'],
      enabled: () => subject.selected !== null,
      run: () => subject.selectTogether(null)
    },
    {
      id: 'cell.copy',
      group,
      title: 'Copy the selected weight, in full precision',
      enabled: () => subject.cell !== null && givesPattern() && !onHidden(),
      run: () => {
        const { run, cell, layer, head } = subject
        if (!run || !cell) return
        void results.ask(patternOf(run, layer, head, settings.firstToken)).then(({ data }) => {
          const weight = data[cell.query * run.tokens.length + cell.key]!
          return navigator.clipboard.writeText(String(weight))
        })
      }
    }
  ]
}

function cursorCommands(): Command[] {
  const { subject } = useFocus()
  const group = 'Select'
  const enabled = () => subject.run !== null
  const move = (query: number, key: number) => () => {
    const size = subject.run?.tokens.length ?? 1
    const visibility = subject.model?.visibility?.[subject.layer] ?? null
    // Nothing is selected yet: the first key selects where the cursor begins.
    if (subject.cell === null) subject.selectCell({ query: size - 1, key: size - 1 })
    else
      subject.selectCell(
        stepped(subject.cell, { query, key }, { size, visibility, mirrored: false })
      )
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
