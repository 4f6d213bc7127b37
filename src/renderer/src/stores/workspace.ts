import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import {
  emptySessionWindow,
  parseSessionWindow,
  windowVersion,
  withModel,
  type SessionWindow
} from '#common/contract/session-window.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Edit } from '#common/model/edit.ts'
import type { LinkGroup } from '#common/model/subject.ts'
import { offsetScore } from '#common/analysis/offset-score.ts'
import { toLamellaError, type LamellaError } from '#common/model/errors.ts'
import { isSameModel, type ModelMove } from '#common/model/model-ref.ts'
import { movedBy } from '#common/model/moved-to.ts'
import type { SessionContent } from '#common/model/session.ts'
import { sliceOfFirstAxis } from '#common/model/tensor.ts'
import { endBreak, forgetAfterBreak } from './after-break.ts'
import { useClient } from './client.ts'
import { useFocus } from './focus.ts'
import { useDots } from './dots.ts'
import { useKnownNotes } from './known-notes.ts'
import { useLibrary } from './library.ts'
import { useMemorySettings } from './memory-settings.ts'
import { missingPattern } from './model-facts.ts'
import { useModels } from './models.ts'
import { patternMapsOf } from './analyses.ts'
import { useResults } from './results.ts'
import { useRuns } from './runs.ts'
import { useSelection } from './selection.ts'
import { firstHints, useSettings } from './settings.ts'
import { useStatus } from './status.ts'
import { useTabs } from './tabs.ts'
import { useWindow } from './window.ts'
import { lookedAt, setLookedAt } from './looked-at.ts'
import { useSession } from './session.ts'
import { parseWorkspace, type WorkspaceState } from './workspace-state.ts'

/** How long nothing changes before the window is saved, and how long it may keep changing unsaved, in ms. */
const saveDelay = 500
const longestUnsaved = 5000
/** The widest map that the workbench hands out; texts longer than that are pooled. */
const exactSize = 512

/** A model as it was open last. */
interface WasOpen {
  readonly fingerprint: string
  /** Null where only a session stood in for it. */
  readonly id: string | null
}

/** What reads a session that is taken in, and puts what it brings into the library. */
type Bring = (content: SessionContent) => Promise<{
  readonly window: SessionWindow | null
  readonly findings: SessionContent['findings']
  readonly figures: SessionContent['figures']
  readonly keep: () => Promise<void>
}>

/** Brings the window up as it was left, or as a first start, and saves it as it changes. */
export const useWorkspace = defineStore('workspace', () => {
  const client = useClient()
  const focus = useFocus()
  const dots = useDots()
  const knownNotes = useKnownNotes()
  const library = useLibrary()
  const models = useModels()
  const results = useResults()
  const runs = useRuns()
  const selection = useSelection()
  const session = useSession()
  const settings = useSettings()
  const status = useStatus()
  const tabs = useTabs()
  const panels = useWindow()

  /** Whether the window is as it was left; models may be on their way yet. */
  const ready = ref(false)
  const version = ref('')
  const shell = ref<'desktop' | 'serve' | 'cli'>('serve')
  const error = shallowRef<LamellaError | null>(null)
  /** What has just happened to the window as a whole, for a moment. */
  const note = ref<string | null>(null)

  /** How the window was left; null at a first start. */
  let left: WorkspaceState | null = null
  /** Whether that could not be asked: what is here is no window to be kept in its place then. */
  let isUnknown = false
  /** The session that was put back last. */
  let shown: SessionWindow | null = null
  let isFollowed = false
  /** Its models as they were open last, by their paths. */
  let known: ReadonlyMap<string, WasOpen> = new Map()
  /** Paths of those that are opened anew after a break. */
  let anew: readonly string[] = []
  /** Paths of open models whose files are others than as they were open last, until that is dismissed. */
  const others = shallowRef<readonly string[]>([])
  /** Those of them whose weights are the same: what lies beside them is another, such as a tokenizer. */
  const otherBeside = shallowRef<readonly string[]>([])
  // Sync: then they are known to be on their way back yet. What a person opens anew is meant as it is.
  watch(
    () => models.open,
    open => {
      const isOpen = (path: string) => open.some(model => model.path === path)
      anew = anew.filter(isOpen)
      const back = open.filter(({ path }) => models.away.includes(path) || anew.includes(path))
      const changed = back.filter(isOther)
      const told = [...others.value, ...changed.map(({ path }) => path)]
      others.value = [...new Set(told.filter(isOpen))]
      const before = otherBeside.value.filter(path => !changed.some(model => model.path === path))
      const beside = changed.filter(model => !isOtherWeights(model)).map(({ path }) => path)
      otherBeside.value = [...before, ...beside]
      known = new Map([...known, ...open.map(model => [model.path, wasOpen(model)] as const)])
    },
    { flush: 'sync' }
  )

  /** Whether a model, or what its text is split by, is another one than was open last. */
  function isOther(model: ModelInfo): boolean {
    // What a session stands in with is its own, whatever was open in its place.
    if (model.absent) return false
    if (isOtherWeights(model)) return true
    const own = session.file?.models.find(({ ref }) => isSameModel(ref, model))
    const was = known.get(model.path)
    // Where it lies elsewhere its id is another.
    const isThere = was?.fingerprint === model.fingerprint && was.id !== null
    return own?.state === 'changed' || (isThere && was.id !== model.id)
  }

  function isOtherWeights(model: ModelInfo): boolean {
    const was = known.get(model.path)
    return was !== undefined && !session.isOf(model, was.fingerprint)
  }

  function wasOpen({ path, fingerprint, id, absent }: ModelInfo): WasOpen {
    if (!absent) return { fingerprint, id }
    const before = known.get(path)
    return { fingerprint, id: before && before.fingerprint === fingerprint ? before.id : null }
  }

  /** Learns how the window was left. Before it is drawn: what is put back later undoes what was done meanwhile. */
  async function load(): Promise<void> {
    try {
      const [info, arrangement] = await Promise.all([
        client.call('app.info', {}),
        client.call('workspace.load', {})
      ])
      models.samples = info.samples
      version.value = info.version
      shell.value = info.shell
      left = parseWorkspace(arrangement)
    } catch (thrown) {
      isUnknown = true
      error.value = toLamellaError(thrown)
      return
    }
    if (left === null) return
    settings.$patch(left.settings)
    panels.$patch(left.panels)
  }

  /**
   * Fills the window, once it is drawn.
   * @param bring reads a session that was saved elsewhere by the names that what it brings has here
   */
  async function start(bring: Bring): Promise<void> {
    status.follow()
    library.follow()
    // Without it the window only does not tell the budget.
    void useMemorySettings()
      .load()
      .catch(() => undefined)
    try {
      const wanted = addressedModel()
      if (left) await restore(left, wanted, bring)
      else if (error.value === null) await firstStart(wanted ?? models.samples[0]?.path)
    } catch (thrown) {
      error.value = toLamellaError(thrown)
    }
    cleanAddress()
    void models.refreshRecent()
    void models.refreshCached()
    ready.value = true
    follow()
    // The address that asked for a model is gone: what it opened has to be known without it.
    if (error.value === null) save()
    if (status.goesOn) say('what the workbench did not have yet is here: it was kept in this tab')
    watch(() => status.reconnections, reopen)
    // What a break cut off as the window began comes with the models by then.
    if (!isUnknown) forgetAfterBreak(error)
  }

  /** Saves the window as it changes from now on. */
  function follow(): void {
    if (isFollowed) return
    isFollowed = true
    watch(state, save, { deep: true })
    // What changed last is not lost with the page.
    window.addEventListener('pagehide', () => {
      if (timer !== undefined) void saveNow()
      // Whoever opens the session next may save it: also this window, as it comes back.
      const { file } = session
      if (file) void client.call('sessions.close', { id: file.id }).catch(() => null)
    })
  }

  /** Tells whether a session's file holds all of a window, which is known to be saved then. */
  function isHereAs(own: WorkspaceState) {
    return (content: SessionContent, moves: readonly ModelMove[]) => {
      const isWhole = isSaved(movedBy(own, moves), content)
      if (isWhole) session.changed = false
      return isWhole
    }
  }

  /** The workbench may be a new one after a break: what the window shows is opened there again. */
  async function reopen(): Promise<void> {
    const left = session.left()
    if (left) {
      const here = parseWorkspace(JSON.parse(JSON.stringify(state())))!
      // What became of it elsewhere takes the place of nothing that is in sight.
      await session.reopen(left, isHereAs(here), false)
    }
    anew = models.open.map(({ path }) => path)
    await reopenModels()
    anew = []
    // A save may have met the break.
    save()
    say('connected to the workbench again')
  }

  /** Opens the models anew, as their files are now, and runs what ran or could not run for want of that. */
  async function reopenModels(): Promise<void> {
    const before = tabs.groups.map(group => ({
      group,
      path: models.activeOf(group)?.path,
      ran: runs.isCurrent(group) || mendedByOpening(runs.errorOf(group))
    }))
    for (const { path, error } of models.failures)
      if (error.code === 'disconnected') void models.openPath(path, null)
    const isOpen = (path: string | undefined) => models.open.some(model => model.path === path)
    // What is closed meanwhile, or gives way to another session, does not come back.
    for (const { path } of models.open) if (isOpen(path)) await models.openPath(path, null)
    endBreak()
    for (const { group, path, ran } of before)
      if (ran && isOpen(path) && models.activeOf(group)?.path === path)
        await runs.start(group, true)
  }

  async function firstStart(path: string | undefined): Promise<void> {
    settings.hints = [...firstHints]
    // A smaller window has room for the map, its subject, or for the numbers about it.
    if (window.innerWidth < 1280) panels.right.open = false
    const tabs = ['overview', 'attention'].map(type => {
      const context = { on: 'A' as const, with: null }
      return { id: type, type, context, preview: false }
    })
    await restoreSession({ ...emptySessionWindow('A', null), tabs, activeTab: 'attention' }, path)
    if (runs.currentOf('A')?.complete) await selectClearestHead()
  }

  /** Selects the head that attends most to the previous token, and a cell where it does. */
  async function selectClearestHead(): Promise<void> {
    const { subject } = focus
    const { model, run } = subject
    const config = model?.config
    const { length } = run?.tokens ?? []
    if (!run || !config || length < 2) return
    // Who has gone on meanwhile has something else in hand.
    const inHand = () =>
      JSON.stringify([subject.scope, subject.run?.id, subject.layer, subject.head, subject.cell])
    let known = inHand()
    let best = -Infinity
    for (let layer = 0; layer < config.nLayers; layer++) {
      if (missingPattern(model, layer) !== null) continue
      const maps = await results.ask(patternMapsOf(run, layer, Math.min(exactSize, length), 'mean'))
      if (inHand() !== known) return
      for (let head = 0; head < config.nHeads; head++) {
        const score = offsetScore(sliceOfFirstAxis(maps, head), 1)
        if (!(score > best)) continue
        best = score
        subject.selectHead(layer, head)
        known = inHand()
      }
    }
    const query = Math.min(length - 1, Math.round(length * 0.6))
    subject.selectCell({ query, key: query - 1 })
  }

  async function restore(
    saved: WorkspaceState,
    wanted: string | undefined,
    bring: Bring
  ): Promise<void> {
    session.changed = saved.changed
    session.began = saved.began
    library.made = new Set(saved.made)
    session.notes = saved.notes
    session.findings = saved.findings
    session.figures = saved.figures
    knownNotes.known = saved.knownNotes
    dots.bringBack(saved.dots)
    // Before its models, which it may stand in for.
    const other = saved.file && (await session.reopen(saved.file, isHereAs(saved)))
    const found = session.takeFound()
    for (const move of found) session.speakThere(move)
    if (session.file && session.changed)
      session.notice = {
        title: `“${session.name}” has changes that are not saved.`,
        lines: session.file.notes,
        ofChanges: true
      }
    const brought = other && (await bring(other))
    if (other && brought) {
      session.notes = other.notes
      session.findings = brought.findings
      session.figures = brought.figures
    }
    // Its tabs read what it brings.
    await brought?.keep()
    if (brought?.window) {
      setLookedAt(brought.window.lookedAt)
      await restoreSession(brought.window, wanted)
    } else {
      const own = movedBy(saved, found)
      setLookedAt(own.lookedAt)
      // The id of a model goes by where it lies.
      const isMoved = (path: string) => found.some(({ to }) => to.path === path)
      const ids = Object.entries(own.ids).filter(([path]) => !isMoved(path))
      await restoreSession(own, wanted, { ...own, ids: Object.fromEntries(ids) })
    }
  }

  /**
   * Puts tabs, texts and models in place of those that are there: at once, but for models that are opened first.
   * @param wanted path of a model that the group in front is to be about
   * @param were its models as they were, where a session's file does not tell
   */
  async function restoreSession(
    saved: SessionWindow,
    wanted?: string,
    were: Pick<WorkspaceState, 'fingerprints' | 'ids' | 'chosen'> = {
      ...{ fingerprints: {}, ids: {}, chosen: {} }
    }
  ): Promise<void> {
    // Models that stay open, or away, are what they were.
    const there = [...models.away, ...models.open.map(({ path }) => path)]
    const stay = [...known].filter(([path]) => there.includes(path))
    const left = Object.entries(were.fingerprints).map(
      ([path, fingerprint]) => [path, { fingerprint, id: were.ids[path] ?? null }] as const
    )
    known = new Map([...stay, ...left])
    models.chosen = were.chosen
    models.clearGroups()
    const typed = [
      ...saved.groups.map(({ name, ...own }) => [name, own] as const),
      ...(saved.alone ?? []).map(({ tab, ...own }) => [tab, own] as const)
    ]
    const typedAs = <K extends 'texts' | 'ids' | 'edits'>(what: K) =>
      Object.fromEntries(typed.flatMap(([scope, own]) => (own[what] ? [[scope, own[what]]] : [])))
    runs.texts = typedAs('texts')
    runs.ids = typedAs('ids')
    runs.edits = typedAs('edits')
    status.choice = saved.provider
    tabs.restore({ tabs: saved.tabs, layout: saved.layout, active: saved.activeTab })
    // What was in front until now carried its text there.
    runs.carried = saved.carried ?? ''
    selection.restart(saved)
    const { group } = tabs
    const own = wanted === undefined ? saved : withModel(saved, group, wanted)
    shown = own
    const front = own.groups.find(
      ({ name, model }) => name === group && model !== null && own.models.includes(model)
    )
    const isInFront = (path: string) => path === front?.model
    // All are asked for now, so that a tab knows that its model is on its way.
    const first = models.bringBack(own.models.filter(isInFront), pathsByGroup(front ? [front] : []))
    const rest = models.bringBack(
      own.models.filter(path => !isInFront(path)),
      pathsByGroup(own.groups.filter(other => other !== front))
    )
    ready.value = true
    // What is done while models open is not lost with the page.
    follow()
    await first
    if (front && shown === own) await runAsIn(own, group)
    await rest
    if (shown !== own) return
    models.open = models.open.toSorted((a, b) => placeOf(a.path) - placeOf(b.path))
    for (const name of new Set([...tabs.groups, group]))
      if (name !== front?.name && shown === own) await runAsIn(own, name)
  }

  /** What a person chooses for a model makes it another than it was, which is not said then. */
  function expectOther(path: string): void {
    known = new Map([...known].filter(([other]) => other !== path))
  }

  /** Where a model stands among those that are open. */
  function placeOf(path: string): number {
    return (shown?.models.indexOf(path) ?? -1) + 1 || Number.MAX_VALUE
  }

  async function runAsIn(own: SessionWindow, name: LinkGroup): Promise<void> {
    const group = own.groups.find(other => other.name === name)
    const readable = runs.unreadable(models.activeOf(name), name) === null
    const run = readable ? await runs.start(name, true) : null
    // What another session awaits, which took the place of this one meanwhile, is not taken from it.
    if (shown !== own) return
    const model = models.activeOf(name)
    selection.takeAwaited(group?.model === model?.path ? model : null, run, name)
  }

  /** The session as the window knows it. */
  function sessionWindow(): SessionWindow {
    // The dock is no reactive object; its count of changes stands for it.
    void tabs.changes
    const paths = new Set([...models.away, ...models.open.map(({ path }) => path)])
    return {
      version: windowVersion,
      models: [...paths].toSorted((a, b) => placeOf(a) - placeOf(b)),
      groups: [...new Set([...tabs.groups, tabs.group])].map(name => ({
        name,
        model: models.pathOf(name),
        texts: { ...runs.texts[name] },
        ids: { ...runs.ids[name] },
        edits: copied(runs.edits[name] ?? {}),
        ...selection.headOf(name),
        heads: { ...selection.headsOf(name) },
        ...selection.kept(name)
      })),
      alone: tabs.tabs.flatMap(({ id, context }) =>
        typeof context.on === 'string' ? [] : [{ tab: id, ...selection.kept(id), ...typedIn(id) }]
      ),
      carried: runs.carried,
      provider: status.choice,
      tabs: tabs.tabs.map(tab => ({ ...tab, preview: tab.preview ?? false })),
      activeTab: tabs.activeId,
      layout: tabs.layout(),
      lookedAt: lookedAt()
    }
  }

  /** What was typed in a tab that stands alone, whether it ran or not. */
  function typedIn(
    tab: string
  ): Pick<NonNullable<SessionWindow['alone']>[number], 'texts' | 'ids' | 'edits'> {
    const [texts, ids, edits] = [runs.texts[tab], runs.ids[tab], runs.edits[tab]]
    return {
      ...(texts && { texts: { ...texts } }),
      ...(ids && { ids: { ...ids } }),
      ...(edits && { edits: copied(edits) })
    }
  }

  function state(): WorkspaceState {
    const { theme, direction, digits, colorMap, scale, range, pooling, firstToken, comparison } =
      settings
    const { changed, began, notes, findings, figures } = session
    const own = sessionWindow()
    const were = [...known].filter(([path]) => own.models.includes(path))
    return {
      ...own,
      fingerprints: Object.fromEntries(were.map(([path, { fingerprint }]) => [path, fingerprint])),
      chosen: models.taken,
      ids: Object.fromEntries(were.flatMap(([path, { id }]) => (id === null ? [] : [[path, id]]))),
      file: session.left(),
      ...{ changed, began, made: [...library.made] },
      notes: [...notes],
      findings: [...findings],
      figures: [...figures],
      knownNotes: knownNotes.known,
      dots: [...dots.kept],
      settings: {
        theme,
        direction,
        digits,
        colorMap,
        scale,
        range,
        pooling,
        firstToken,
        comparison,
        hints: [...settings.hints]
      },
      panels: {
        left: panels.left,
        explorer: panels.explorer,
        right: panels.right,
        gridShare: panels.gridShare
      }
    }
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  /** When the first change came that is not saved. */
  let since: number | null = null
  function save(): void {
    clearTimeout(timer)
    since ??= Date.now()
    const rest = since + longestUnsaved - Date.now()
    timer = setTimeout(() => void saveNow(), Math.max(0, Math.min(saveDelay, rest)))
  }

  /** Saves at once. */
  async function saveNow(signal?: AbortSignal): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    since = null
    if (isUnknown) return
    try {
      await client.call(
        'workspace.save',
        { state: JSON.stringify(state()) },
        { ...(signal && { signal }) }
      )
    } catch (thrown) {
      const failure = toLamellaError(thrown)
      // What the disk does not take the workbench says, and after a break it is saved again.
      if (failure.code === 'invalid-argument')
        session.notice = {
          title:
            'The window is too large to be kept: what is open is lost once it closes or is loaded anew.',
          lines: ['Save the session, then close tabs or remove figures'],
          error: failure
        }
    }
  }

  let told: ReturnType<typeof setTimeout> | undefined
  function say(text: string): void {
    note.value = text
    // What was said before does not take it away with it.
    clearTimeout(told)
    told = setTimeout(() => (note.value = null), 5000)
  }

  return {
    ready,
    version,
    shell,
    error,
    note,
    others,
    otherBeside,
    expectOther,
    say,
    load,
    start,
    reopenModels,
    restoreSession,
    saveNow,
    sessionWindow,
    selectClearestHead
  }
})

/** Whether a session's file holds all that a window has of it, but for how large panes are and what views asked by themselves. */
function isSaved(here: WorkspaceState, content: SessionContent): boolean {
  const told = ({ window, notes, findings, figures }: Omit<SessionContent, 'library' | 'runs'>) => {
    const own = parseSessionWindow(window)
    const layout = JSON.stringify(own?.layout, (key, value: unknown) =>
      ['size', 'width', 'height'].includes(key) ? undefined : value
    )
    return JSON.stringify([own && { ...own, layout, lookedAt: [] }, notes, findings, figures])
  }
  return told(content) === told({ ...here, window: here as never })
}

/** Path of each group's model. */
function pathsByGroup(groups: SessionWindow['groups']): Partial<Record<LinkGroup, string>> {
  return Object.fromEntries(groups.flatMap(({ name, model }) => (model ? [[name, model]] : [])))
}

/** Edits as they are saved: none of them is changed in place. */
function copied(edits: Readonly<Record<string, readonly Edit[]>>): Record<string, Edit[]> {
  return Object.fromEntries(Object.entries(edits).map(([path, own]) => [path, [...own]]))
}

/** Whether what failed would not once the models are opened again. */
function mendedByOpening(error: LamellaError | null): boolean {
  return error?.code === 'disconnected' || error?.code === 'file-changed'
}

/** The model that the address asks to open, as `serve FOLDER` does. */
function addressedModel(): string | undefined {
  return new URLSearchParams(window.location.search).get('open') ?? undefined
}

/** Has the address ask for no model any more, once that is open: a page that is loaded anew before asks for it again. */
function cleanAddress(): void {
  const { pathname, search } = window.location
  if (search !== '') window.history.replaceState(null, '', pathname)
}
