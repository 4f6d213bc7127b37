import type { Note } from '#common/model/session.ts'
import { subjectModel, type Subject } from '#common/model/subject.ts'
import { notePlaceText } from '#common/text/object-name.ts'
import { useModels } from '../../stores/models.ts'
import { useSelection } from '../../stores/selection.ts'
import { useTabs } from '../../stores/tabs.ts'
import type { NotePlaces } from '../../ui/notes/note-places.ts'
import { viewOf } from '../../views/registry.ts'
import { tabTitle } from '../tab-title.ts'
import { openObject } from '../verbs/open-object.ts'

export const notePlaces: NotePlaces = { textOf: placeText, isSomewhere, go: goToPlace }

/** What a note is of, in words. */
export function placeText(on: Note['on']): string {
  const nameOfTab = (id: string) => {
    const tab = useTabs().find(id)
    return tab ? tabTitle(tab) : null
  }
  return notePlaceText(on, ({ path }) => useModels().nameAt(path), nameOfTab)
}

/** Whether there is anywhere to go. */
export function isSomewhere(on: Note['on']): boolean {
  if (on === null) return false
  if ('tab' in on) return useTabs().find(on.tab) !== undefined
  return useModels().open.some(({ path }) => path === subjectModel(on).path)
}

/** Goes to what a note is of. */
function goToPlace(on: Note['on']): void {
  if (on === null) return
  if ('tab' in on) useTabs().show(on.tab)
  else goToObject(on)
}

/** Goes to an object: a head to where a group shows it, the present one where none is about its model; else a tab opens. */
export function goToObject(subject: Subject): void {
  const models = useModels()
  const tabs = useTabs()
  const { path } = subjectModel(subject)
  const { layer, head } = subject.at
  const model = models.open.find(model => model.path === path)
  if (!model || layer === undefined) {
    openObject(subject)
    return
  }
  const own = tabs.groups.find(name => models.activeOf(name)?.path === path)
  const group = own ?? tabs.group
  if (own === undefined) models.activate(model.id, group)
  useSelection().selectHead(layer, head ?? 0, group)
  const isThere = (id: string) => {
    const tab = tabs.find(id)
    return tab?.context.on === group && viewOf(tab.type)?.of === 'run'
  }
  const active = tabs.activeId
  const shown =
    active !== null && isThere(active) ? active : tabs.tabs.find(({ id }) => isThere(id))?.id
  if (shown === undefined) tabs.open('head', group)
  else tabs.show(shown)
}
