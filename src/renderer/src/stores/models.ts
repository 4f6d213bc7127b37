import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import { lastPart } from '#common/text/last-part.ts'
import { abortOf } from '#common/model/cancel.ts'
import { toLamellaError } from '#common/model/errors.ts'
import type { Params } from '#common/contract/api.ts'
import type { LamellaError } from '#common/model/errors.ts'
import type { CachedModel, ModelInfo } from '#common/contract/schemas.ts'
import { isSameModel, type ModelRef } from '#common/model/model-ref.ts'
import type { ChosenModel, OpenedAs } from '#common/model/chosen-model.ts'
import type { LinkGroup } from '#common/model/subject.ts'
import { subjectModel, type Scope } from '#common/model/subject.ts'
import { distinctNames, nameText, type DistinctName } from '#common/text/distinct-names.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { useClient } from './client.ts'
import { useTabs } from './tabs.ts'
import { useTasks } from './tasks.ts'

/** A model that could not be opened, and why. */
export interface FailedOpening {
  readonly path: string
  readonly error: LamellaError
}

/** What became of a request to open a model; both are null when it was cancelled. */
export interface Opened {
  readonly model: ModelInfo | null
  readonly error: LamellaError | null
}

/** What is said of a model as it is opened. */
export interface HowToOpen {
  /** What an adapter adapts from now on; null for nothing any more. */
  readonly base?: string | null
  /** Null for itself, or what stands in for it; left out for what was chosen before. */
  readonly as?: OpenedAs | null
  /** Fingerprint of the one that is meant; left out for the one that the window has of the path, but of what is `present`. */
  readonly of?: string
}

interface UnderWay {
  readonly opened: Promise<Opened>
  readonly giving: AbortController
}

/** The open models and the one that each link group is about. */
export const useModels = defineStore('models', () => {
  const tabs = useTabs()
  const tasks = useTasks()
  const open = shallowRef<readonly ModelInfo[]>([])
  const activeIds = ref<Partial<Record<LinkGroup, string | null>>>({})
  const recent = shallowRef<readonly { name: string; path: string }[]>([])
  const samples = shallowRef<readonly { name: string; path: string }[]>([])
  /** Models of the Hugging Face cache. */
  const cached = shallowRef<readonly CachedModel[]>([])
  /** By their paths those that are being opened or wait for it, in the order they were asked for. */
  const underWay = shallowReactive(new Map<string, UnderWay>())
  /** Those that could not be opened, a path once, until they can. */
  const failures = shallowRef<readonly FailedOpening[]>([])
  /** The path of the adapter whose model is chosen next; null while it is a model to open. */
  const adapting = ref<string | null>(null)
  /** By their paths, what was chosen of models; of those that are to be opened anew also as what they were open before. */
  const chosen = shallowRef<Readonly<Record<string, ChosenModel>>>({})
  /** Paths of models that were open before and are not back yet. */
  const returning = shallowRef<readonly string[]>([])
  /** Paths of those that groups were about, until they are back. */
  const awaited = shallowRef<Readonly<Partial<Record<Scope, string>>>>({})
  /** What the next one that is opened waits for. */
  let last: Promise<unknown> = Promise.resolve()

  /** Of the focused tab. */
  const active = computed(() => activeOf(tabs.scope))
  const activeId = computed({
    get: () => active.value?.id ?? null,
    set: id => activate(id, tabs.scope)
  })
  const openings = computed(() => [...underWay.keys()])
  const opening = computed(() => openings.value[0] ?? null)
  /** Paths of models that are on their way back. */
  const coming = computed(() => openings.value.filter(path => returning.value.includes(path)))

  /** Paths of those that could not be brought back: they are the window's until that is dismissed. */
  const lost = computed(() =>
    failures.value
      .map(({ path }) => path)
      .filter(path => returning.value.includes(path) && !underWay.has(path))
  )

  /** Paths of both. */
  const away = computed(() => [...coming.value, ...lost.value])

  /** The model that a group, or a tab that stands alone, is about. */
  function activeOf(scope: Scope): ModelInfo | null {
    const alone = tabs.subjectOf(scope)
    if (alone) return referred(subjectModel(alone))
    const id = activeIds.value[scope as LinkGroup]
    return open.value.find(model => model.id === id) ?? null
  }

  /** Path of the model that a group is about, also where that is on its way back or could not be; null for none. */
  function pathOf(scope: Scope): string | null {
    const active = activeOf(scope)
    if (active) return active.path
    const path = awaited.value[scope]
    const there = [...away.value, ...open.value.map(({ path }) => path)]
    return path !== undefined && there.includes(path) ? path : null
  }

  /** By their paths, which models the window is of: what was chosen, and of others what is open. */
  const taken = computed<Readonly<Record<string, ChosenModel>>>(() => ({
    ...Object.fromEntries(
      open.value.map(({ path, fingerprint }) => [path, { path, fingerprint, as: null }])
    ),
    ...chosen.value
  }))

  const names = computed(() => distinctNames(open.value))
  const listedNames = computed(() =>
    distinctNames([...cached.value, ...samples.value, ...recent.value, ...open.value])
  )

  /** What the model at a path is called, told apart from the open ones. */
  function distinctAt(path: string): DistinctName {
    const known = names.value.get(path)
    if (known) return known
    const other = { name: visibleText(lastPart(path)), path }
    return distinctNames([...open.value, other]).get(path)!
  }

  /** The same in one line. */
  function nameAt(path: string): string {
    return nameText(distinctAt(path))
  }

  /** What the model at a path is called where models that can be opened are listed, of which it is one. */
  function listedName(path: string): string {
    return nameText(listedNames.value.get(path)!)
  }

  /** Makes a group, or a tab that stands alone, be about another model; its text goes with it. */
  function activate(id: string | null, scope: Scope): void {
    const alone = tabs.subjectOf(scope)
    if (!alone) {
      activeIds.value = { ...activeIds.value, [scope]: id }
      awaited.value = { ...awaited.value, [scope]: undefined }
    }
    const model = open.value.find(model => model.id === id)
    if (!alone || !model) return
    const { path, fingerprint } = model
    const ref = { path, fingerprint }
    if (isSameModel(subjectModel(alone), ref)) return
    if ('run' in alone)
      tabs.putOn(scope, { ...alone, run: { ...alone.run, model: ref, edits: [] } })
    else tabs.putOn(scope, { model: ref, at: {} })
  }

  /** The open model that is where a reference says, with the files that it says. */
  function referred({ path, fingerprint }: ModelRef): ModelInfo | null {
    const model = open.value.find(model => model.path === path)
    return model && (fingerprint === '' || fingerprint === model.fingerprint) ? model : null
  }

  /**
   * Opens a path, after those asked for before it, and makes it the model of a group: of the one that is focused now
   * where none is named, of none for null. Asked for again while it is on its way it is opened once. Where its files have
   * changed it takes the place of the one that was open there, of which nothing can be computed any more. One that could not be
   * brought back comes to its own groups, too.
   */
  function openPath(
    path: string,
    group: LinkGroup | null = tabs.group,
    how: HowToOpen = {}
  ): Promise<Opened> {
    if (lost.value.includes(path)) void bringBack([path], groupsOf(path))
    return ask(path, group, how)
  }

  function ask(path: string, group: LinkGroup | null, how: HowToOpen = {}): Promise<Opened> {
    const shared = underWay.get(path)
    if (shared && Object.keys(how).length === 0) return forGroup(shared.opened, group)
    shared?.giving.abort()
    const giving = new AbortController()
    const own = taken.value[path]
    const { base, as = own?.as ?? null } = how
    const of = how.of ?? (how.as === 'present' ? undefined : own?.fingerprint)
    const params = {
      path,
      ...(base !== undefined && { base }),
      ...(of !== undefined && { of }),
      ...(as !== null && { as })
    }
    const opened = openAfter(last, params, group, giving, how.as)
    // One that is given up while it waits lets none overtake those that it waited for.
    last = Promise.all([last, opened])
    underWay.set(path, { opened, giving })
    return opened
  }

  /** A model that is on its way for another group already. */
  async function forGroup(opening: Promise<Opened>, group: LinkGroup | null): Promise<Opened> {
    const opened = await opening
    if (opened.model && group !== null) activate(opened.model.id, group)
    return opened
  }

  async function openAfter(
    before: Promise<unknown>,
    params: Params<'models.open'>,
    group: LinkGroup | null,
    giving: AbortController,
    asked: OpenedAs | null | undefined
  ): Promise<Opened> {
    const { path } = params
    try {
      const model = await tasks.track(
        `Opening ${lastPart(path)}`,
        async options => {
          await Promise.race([before, abortOf(options.signal)])
          options.signal.throwIfAborted()
          return useClient().call('models.open', params, { ...options, onLate: closeLate })
        },
        giving.signal
      )
      noteChoice(params, model, asked)
      const replaced = open.value.filter(({ id, path }) => path === model.path && id !== model.id)
      open.value = [...open.value.filter(({ path }) => path !== model.path), model]
      if (group !== null) activate(model.id, group)
      for (const { id } of replaced) void letGo(id, model.id)
      forgetFailure(path)
      void refreshRecent()
      return { model, error: null }
    } catch (thrown) {
      const error = toLamellaError(thrown)
      if (error.code === 'cancelled') return { model: null, error: null }
      noteFailure({ path, error })
      return { model: null, error }
    } finally {
      if (underWay.get(path)?.giving === giving) underWay.delete(path)
    }
  }

  /**
   * Notes what opening a model made it.
   * @param asked undefined where it is opened anew: what was chosen stays so, also where that is not there now
   */
  function noteChoice(
    { path, of }: Params<'models.open'>,
    { fingerprint, absent }: ModelInfo,
    asked: OpenedAs | null | undefined
  ): void {
    if (asked === undefined && chosen.value[path]?.as) return
    const isSo = asked === 'present' || (asked === 'aside' && absent === 'aside')
    choose(path, isSo ? { path, fingerprint: of ?? fingerprint, as: asked } : null)
  }

  /** Notes what is wanted of a path; null for what is open there. */
  function choose(path: string, as: ChosenModel | null): void {
    const others = Object.entries(chosen.value).filter(([other]) => other !== path)
    chosen.value = Object.fromEntries(as === null ? others : [...others, [path, as]])
  }

  /** How a model is asked for that is to be there itself: as it was chosen, but for what is set aside. */
  function itself(path: string): HowToOpen {
    return chosen.value[path]?.as === 'aside' ? { as: null } : {}
  }

  /** Closes a model that came although it was given up, unless it is there by then as it was asked for again. */
  function closeLate({ id, path, absent }: ModelInfo): void {
    if (absent === 'aside') {
      // What it was to stand in for was closed for that, and is shown yet.
      void letGo(id, null)
      if (open.value.some(model => model.path === path)) void ask(path, null, itself(path))
      return
    }
    last = last.then(() => (open.value.some(model => model.id === id) ? null : letGo(id, null)))
  }

  /** The model of a path once nothing is opened there any more; null where none is. */
  async function arrived(path: string): Promise<ModelInfo | null> {
    let opened: Opened | null = null
    for (let next = underWay.get(path); next; next = underWay.get(path)) opened = await next.opened
    // A path may be written otherwise than its model has it.
    return opened?.model ?? open.value.find(model => model.path === path) ?? null
  }

  /**
   * Opens models that were open before, one after the other, and makes them those of the groups that they were of, once all
   * of them are there; a group that is about another by then stays so. Those that cannot be opened stay awaited.
   */
  async function bringBack(
    paths: readonly string[],
    groups: Readonly<Partial<Record<LinkGroup, string>>>
  ): Promise<void> {
    returning.value = [...returning.value, ...paths]
    awaited.value = { ...awaited.value, ...groups }
    for (const path of paths) void ask(path, null)
    // Also of those that were asked for before, and of those that are given up and asked for again while others come.
    const there = [...new Set([...paths, ...Object.values(groups)])]
    const found = new Map<string, string>()
    const look = async (path: string) => {
      const model = await arrived(path)
      if (model) found.set(path, model.id)
    }
    do await Promise.all(there.map(look))
    while (there.some(path => underWay.has(path)))
    const failed = [...lost.value]
    returning.value = returning.value.filter(path => !paths.includes(path) || failed.includes(path))
    for (const [group, path] of Object.entries(groups) as [LinkGroup, string][]) {
      if (awaited.value[group] !== path || failed.includes(path)) continue
      const model = open.value.find(({ id }) => id === found.get(path))
      if (model && activeOf(group) === null) activate(model.id, group)
      awaited.value = { ...awaited.value, [group]: undefined }
    }
  }

  /** No group is about any model from now on. */
  function clearGroups(): void {
    activeIds.value = {}
    awaited.value = {}
  }

  /** Closes the model of a path, or gives it up where it is on its way: asked for again it is opened anew. */
  async function leave(path: string): Promise<void> {
    underWay.get(path)?.giving.abort()
    underWay.delete(path)
    forgetFailure(path)
    expectNoMore(path)
    const model = open.value.find(model => model.path === path)
    if (!model) return
    // Opened again it is the very one.
    choose(path, taken.value[path]!)
    open.value = open.value.filter(other => other !== model)
    await letGo(model.id, open.value.at(-1)?.id ?? null)
  }

  /** Leaves all of them; what is asked for after that is opened once they are closed. */
  function leaveAll(): void {
    const paths = [...underWay.keys(), ...open.value.map(({ path }) => path)]
    last = Promise.all(paths.map(leave))
    chosen.value = {}
    failures.value = []
    returning.value = []
    awaited.value = {}
  }

  async function close(id: string): Promise<void> {
    const model = open.value.find(model => model.id === id)
    if (model) await leave(model.path)
  }

  /** Groups that were about a model that is no longer open are about another one from now on. */
  async function letGo(id: string, next: string | null): Promise<void> {
    for (const [group, active] of Object.entries(activeIds.value))
      if (active === id) activate(next, group)
    await useClient()
      .call('models.close', { modelId: id })
      .catch(() => null)
  }

  async function refreshRecent(): Promise<void> {
    recent.value = await useClient()
      .call('models.recent', {})
      .catch(() => recent.value)
  }

  async function refreshCached(): Promise<void> {
    cached.value = await useClient()
      .call('models.cached', {})
      .catch(() => cached.value)
  }

  /** That it could not be opened is said elsewhere; one that could not be brought back stays the window's. */
  function takeFailure(path: string): void {
    if (!lost.value.includes(path)) forgetFailure(path)
  }

  /** A model that could not be brought back is none of the window's from then on. */
  function dismissFailure(path: string): void {
    forgetFailure(path)
    expectNoMore(path)
  }

  /** Takes the place of the one before, where that was tried again. */
  function noteFailure(failure: FailedOpening): void {
    const known = failures.value.findIndex(({ path }) => path === failure.path)
    failures.value = known < 0 ? [...failures.value, failure] : failures.value.with(known, failure)
  }

  function forgetFailure(path: string): void {
    failures.value = failures.value.filter(failure => failure.path !== path)
  }

  function expectNoMore(path: string): void {
    returning.value = returning.value.filter(other => other !== path)
    const others = Object.entries(awaited.value).filter(([, other]) => other !== path)
    awaited.value = Object.fromEntries(others)
  }

  /** The groups that a model is expected for. */
  function groupsOf(path: string): Partial<Record<LinkGroup, string>> {
    return Object.fromEntries(Object.entries(awaited.value).filter(([, other]) => other === path))
  }

  return {
    open,
    active,
    activeId,
    activeIds,
    recent,
    samples,
    cached,
    chosen,
    taken,
    opening,
    openings,
    coming,
    lost,
    away,
    failures,
    distinctAt,
    nameAt,
    listedName,
    activeOf,
    pathOf,
    activate,
    referred,
    openPath,
    bringBack,
    choose,
    itself,
    clearGroups,
    adapting,
    close,
    leave,
    leaveAll,
    groupsOf,
    refreshRecent,
    refreshCached,
    takeFailure,
    dismissFailure
  }
})
