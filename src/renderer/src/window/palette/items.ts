import { subjectModel } from '#common/model/subject.ts'
import { inputLine } from '#common/text/input-text.ts'
import { tokenParts } from '#common/text/token-text.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { useFocus } from '../../stores/focus.ts'
import { useLibrary } from '../../stores/library.ts'
import { useModels } from '../../stores/models.ts'
import type { PaletteItem, PaletteSign } from '../../stores/palette.ts'
import { refOf } from '../../stores/runs.ts'
import { headName } from '../../stores/selection.ts'
import { useTabs, type Tab } from '../../stores/tabs.ts'
import { commands } from '../commands.ts'
import { runInput } from '../run-input.ts'
import { openItem } from '../verbs/item-verbs.ts'
import { switchModel } from '../switch-model.ts'
import { tabTitle } from '../tab-title.ts'
import { exploreObject, openObject } from '../verbs/open-object.ts'
import { tabObject } from '../verbs/tab-object.ts'
import { verbItems } from './verb-items.ts'

/** Everything that the palette finds, or those of one kind. */
export function paletteItems(sign: PaletteSign | null): PaletteItem[] {
  const kinds: Record<PaletteSign, () => PaletteItem[]> = {
    '>': () => [...commandItems(), ...verbItems()],
    '%': tabItems,
    '~': subjectItems,
    '@': partItems,
    '#': tokenItems
  }
  if (sign !== null) return kinds[sign]()
  return Object.values(kinds).flatMap(items => items())
}

function commandItems(): PaletteItem[] {
  return commands()
    .filter(command => command.id !== 'palette' && command.enabled?.() !== false)
    .map(command => ({
      id: command.id,
      sign: '>' as const,
      title: command.title,
      group: command.group,
      note: command.note,
      words: [command.name, command.words].join(' '),
      keys: command.keys,
      run: () => command.run()
    }))
}

function tabItems(): PaletteItem[] {
  const tabs = useTabs()
  return tabs.tabs.map(tab => ({
    id: `tab ${tab.id}`,
    sign: '%' as const,
    group: 'Tab',
    title: tabTitle(tab),
    note: tabNote(tab),
    run: () => tabs.show(tab.id)
  }))
}

/** Model and text of a tab. */
function tabNote(tab: Tab): string | undefined {
  const object = tabObject(tab)
  if (object === null) return undefined
  const name = useModels().nameAt(subjectModel(object).path)
  return 'run' in object ? `${name} · ${inputLine(object.run.input)}` : name
}

/** Models and texts. */
function subjectItems(): PaletteItem[] {
  const models = useModels()
  const library = useLibrary()
  const sign = '~' as const
  return [
    ...models.open.map(({ id, path }) => ({
      id: `model ${id}`,
      sign,
      group: 'Model',
      title: models.nameAt(path),
      run: () => void switchModel(id)
    })),
    ...library.items.flatMap(item =>
      item.kind === 'layout'
        ? []
        : {
            id: `named ${item.kind} ${item.name}`,
            sign,
            group: { text: 'Text', pair: 'Pair', corpus: 'Corpus', edits: 'Edits' }[item.kind],
            title: item.name,
            run: () => openItem(item)
          }
    ),
    ...library.inputs.map((input, i) => ({
      id: `text ${i}`,
      sign,
      group: 'Text',
      title: inputLine(input),
      run: () => void runInput(input)
    }))
  ]
}

/** Blocks, heads and tensors of the focused model. */
function partItems(): PaletteItem[] {
  const { subject } = useFocus()
  const { model } = subject
  if (!model) return []
  const sign = '@' as const
  const { nLayers = 0, nHeads = 0 } = model.config ?? {}
  const go = (at: { layer: number; head?: number }) => () => {
    const fixed = subject.fixed()
    if (fixed) exploreObject({ ...fixed, at })
  }
  const blocks = Array.from({ length: nLayers }, (_, layer) => [
    { id: `block ${layer}`, sign, group: 'Block', title: `Block ${layer}`, run: go({ layer }) },
    ...Array.from({ length: nHeads }, (_, head) => ({
      id: `head ${layer}.${head}`,
      sign,
      group: 'Head',
      title: headName(layer, head),
      run: go({ layer, head })
    }))
  ])
  const tensors = model.tensors.map(({ name }) => ({
    id: `tensor ${name}`,
    sign,
    group: 'Tensor',
    title: visibleText(name),
    run: () =>
      openObject({ model: refOf(model), at: { tensor: name } }, undefined, { preview: true })
  }))
  return [...blocks.flat(), ...tensors]
}

/** Tokens of the focused run. */
function tokenItems(): PaletteItem[] {
  const { subject } = useFocus()
  return (subject.run?.tokens ?? []).map((token, position) => ({
    id: `token ${position}`,
    sign: '#' as const,
    group: 'Token',
    title: `${position} ${tokenParts(token)
      .map(({ text }) => text)
      .join('')}`,
    run: () => subject.selectCell({ query: position, key: position })
  }))
}
