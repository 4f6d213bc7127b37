import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { ModelRef } from '#common/model/model-ref.ts'
import { useMedia } from '../reactive/use-media.ts'

export type DialogName =
  | 'palette'
  | 'open'
  | 'keys'
  | 'memory'
  | 'describe'
  | 'number'
  | 'notices'
  | 'item'
  | 'export'
  | 'headvis'
  | 'save'
  | 'unsaved'

/** A number that is asked for, and who takes it. */
export interface AskedNumber {
  readonly title: string
  readonly label: string
  readonly value: number
  take(value: number): void
}

export type Side = 'left' | 'right'

/** What the left panel finds things in. */
export const explorers = ['models', 'texts', 'views', 'findings'] as const
export type Explorer = (typeof explorers)[number]
export const explorerTitles: Readonly<Record<Explorer, string>> = {
  models: 'Models',
  texts: 'Texts',
  views: 'Views',
  findings: 'Findings'
}
export const explorerContents: Readonly<Record<Explorer, string>> = {
  models: 'Blocks, heads and tensors of what is open',
  texts: 'What ran lately, and what has a name',
  views: 'What can be opened, and what it answers',
  findings: 'Notes, findings and figures that were kept in this session'
}

/** The panels at the sides, their widths, and the dialog that is open. */
export const useWindow = defineStore('window', () => {
  /** Whether they stand beside the views, where the window has room for that. */
  const left = ref({ open: false, width: 224 })
  const right = ref({ open: true, width: 216 })
  const explorer = ref<Explorer>('models')
  /** Counts requests to find something in the explorer that is shown. */
  const findFocus = ref(0)
  /** There is no room for panels beside the views: one at a time lies over them. */
  const narrow = useMedia('(max-width: 999px)')
  const over = ref<Side | null>(null)
  watch(narrow, () => (over.value = null))

  function shows(side: Side): boolean {
    return narrow.value ? over.value === side : { left, right }[side].value.open
  }
  function show(side: Side, shown: boolean): void {
    if (!narrow.value) ({ left, right })[side].value.open = shown
    else if (shown) over.value = side
    else if (over.value === side) over.value = null
  }

  /** Shows an explorer, to find something in it. */
  function explore(name: Explorer): void {
    explorer.value = name
    show('left', true)
    findFocus.value++
  }

  /** Shows an explorer, or hides it where it is there already. */
  function toggleExplorer(name: Explorer): void {
    if (shows('left') && explorer.value === name) show('left', false)
    else explore(name)
  }

  /** Share of an attention view that its grid takes; null for what its heads need. */
  const gridShare = ref<number | null>(null)
  const dialog = ref<DialogName | null>(null)
  /** Counts what comes of dialogs: each that opens, closes or takes another's place. */
  let turns = 0
  watch(dialog, () => turns++, { flush: 'sync' })

  /** What tells later whether the dialog that is open now is open still: closed and opened again it is another. */
  function thisDialog(): () => boolean {
    const turn = turns
    return () => turns === turn
  }
  /** The text has the focus and lies over the views. */
  const editing = ref(false)
  const asking = shallowRef<AskedNumber | null>(null)
  function askNumber(asked: AskedNumber): void {
    asking.value = asked
    dialog.value = 'number'
  }
  /** Counts requests to put the cursor into the text. */
  const textFocus = ref(0)
  /** The command that a view asks for last; views do not know the commands themselves. */
  const requested = shallowRef<{ readonly id: string } | null>(null)

  function request(id: string): void {
    requested.value = { id }
  }

  /** The model of the session that somebody is asked about where it lies now. */
  const locating = shallowRef<ModelRef | null>(null)
  function locate({ path, fingerprint }: ModelRef): void {
    locating.value = { path, fingerprint }
  }

  /** What stands in for a model of which somebody asks for itself; views do not know how it is opened. */
  const presentWanted = shallowRef<ModelInfo | null>(null)

  /** Id of the model whose check of values somebody asks to see. */
  const checkWanted = ref<string | null>(null)

  /** The setting that somebody asks to see, by its id; the page takes it. */
  const settingWanted = shallowRef<{ readonly id: string } | null>(null)

  return {
    checkWanted,
    presentWanted,
    locating,
    locate,
    settingWanted,
    left,
    right,
    narrow,
    over,
    shows,
    explorer,
    explore,
    toggleExplorer,
    findFocus,
    show,
    editing,
    gridShare,
    dialog,
    thisDialog,
    asking,
    askNumber,
    textFocus,
    requested,
    request
  }
})
