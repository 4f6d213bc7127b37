import { absenceText, isAnother } from '#common/model/absence.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { ModelRef } from '#common/model/model-ref.ts'
import type { LinkGroup } from '#common/model/subject.ts'
import { useClient } from '../stores/client.ts'
import { useModels, type HowToOpen, type Opened } from '../stores/models.ts'
import { useRuns } from '../stores/runs.ts'
import { useSession } from '../stores/session.ts'
import { useSelection } from '../stores/selection.ts'
import { useTabs } from '../stores/tabs.ts'
import { useWindow } from '../stores/window.ts'
import { useWorkspace } from '../stores/workspace.ts'
import { switchModel } from './switch-model.ts'

/** Opens a model for what is in front, a group or a tab that stands alone, and runs its text. */
export async function openModel(path: string, how: HowToOpen = {}): Promise<Opened> {
  const models = useModels()
  const runs = useRuns()
  const tabs = useTabs()
  const { group, scope } = tabs
  if (how.base !== undefined) useWorkspace().expectOther(path)
  const isAlone = tabs.subjectOf(scope) !== null
  const opened = await models.openPath(path, isAlone ? null : group, how)
  if (isAlone) {
    if (opened.model && tabs.scope === scope) void switchModel(opened.model.id)
    else if (opened.model && tabs.subjectOf(scope) !== null) models.activate(opened.model.id, scope)
    return opened
  }
  if (opened.model && models.activeOf(group)?.id === opened.model.id && !runs.isCurrent(group))
    void runFirst(group, false)
  return opened
}

/** Tries once more to open a model: for the groups that it could not be brought back to, or else for the one in front. */
export async function openAgain(path: string): Promise<void> {
  const models = useModels()
  if (models.lost.includes(path)) await bringBack([path], models.groupsOf(path))
  else await openModel(path)
}

/** Takes what a session kept of a model in place of the model itself; texts of the groups that are about it run then. */
export function takeKept({ path, fingerprint }: ModelRef): Promise<void> {
  return takeAs({ path, of: fingerprint, as: 'aside' })
}

/** Takes the model itself in place of what stands in for it: the one of the session, or of another one what is there now. */
export function takePresent({ path, absent }: ModelInfo): Promise<void> {
  return isAnother(absent) ? takeAs({ path, as: 'present' }) : lookAgain(path)
}

/** Takes what is wanted of a path; texts of the groups that are about it run then. */
export async function takeAs({ path, ...how }: HowToOpen & { path: string }): Promise<void> {
  const { model } = await useModels().openPath(path, null, how)
  if (model) await runAll(model)
}

/** Looks whether a model that a session stands in for is there again; texts of the groups that are about it run then. */
export async function lookAgain(path: string): Promise<void> {
  const models = useModels()
  const { model } = await models.openPath(path, null, models.itself(path))
  if (!model) return
  // What its file says of it is said anew: of a copy it tells by what is in it whether that is it.
  const looked = useSession().retry()
  if (model.absent) {
    await looked
    // Where it was found all of the window speaks of it there.
    if (!models.open.includes(model)) return
    const why = model.absent === 'missing' ? 'is still not there' : absenceText(path, model.absent)
    return useWorkspace().say(`${models.nameAt(path)} ${why}`)
  }
  await runAll(model)
}

/** Runs the texts of the groups that are about a model. */
async function runAll({ id }: ModelInfo): Promise<void> {
  for (const group of useTabs().groups)
    if (useModels().activeOf(group)?.id === id) await runFirst(group, true)
}

/** Opens models that were open before, for the groups that they were of, whose texts run. */
export async function bringBack(
  paths: readonly string[],
  groups: Readonly<Partial<Record<LinkGroup, string>>>
): Promise<void> {
  const models = useModels()
  await models.bringBack(paths, groups)
  for (const [group, path] of Object.entries(groups) as [LinkGroup, string][])
    if (paths.includes(path) && models.activeOf(group)?.path === path) await runFirst(group, true)
}

/**
 * Runs a model's text; of a model that is streamed the first block is what there is to see.
 * @param comesBack whether it ran there before
 */
async function runFirst(group: LinkGroup, comesBack: boolean): Promise<void> {
  const selection = useSelection()
  const runs = useRuns()
  if (runs.unreadable(useModels().activeOf(group), group) !== null) return
  const run = await runs.start(group, comesBack)
  if (run && !run.complete) selection.selectHead(0, selection.headOf(group).head, group)
}

/** Asks for a folder, with the system's own dialog where there is one. */
export async function askForModel(): Promise<void> {
  const path = await chosenFolder()
  if (path !== null) await openModel(path)
}

/** Asks for the model that an adapter adapts, and opens the adapter on it. */
export async function askForBase(adapter: string): Promise<void> {
  useModels().adapting = adapter
  const base = await chosenFolder()
  if (base !== null) await openModel(adapter, { base })
}

/** What the system's own dialog gives; null where it is left, or the window's is opened in its place, which does the rest. */
async function chosenFolder(): Promise<string | null> {
  if (useWorkspace().shell !== 'desktop') {
    useWindow().dialog = 'open'
    return null
  }
  return useClient()
    .call('files.choose', {})
    .catch(() => null)
}
