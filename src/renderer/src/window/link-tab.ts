import { subjectModel, type LinkGroup, type Subject } from '#common/model/subject.ts'
import { tabObject } from './verbs/tab-object.ts'
import { useModels } from '../stores/models.ts'
import { useRuns } from '../stores/runs.ts'
import { useSelection } from '../stores/selection.ts'
import { useTabs } from '../stores/tabs.ts'

/** Makes a tab follow a group; a group that is new begins with what the tab was about. */
export function linkTab(id: string, group: LinkGroup): void {
  const tabs = useTabs()
  const before = tabs.find(id)?.context.on
  if (before === undefined) return
  if (!tabs.groups.includes(group)) {
    if (typeof before === 'string') copyGroup(before, group)
    else beginWith(before, group)
  }
  tabs.putOn(id, group)
}

/** Makes a tab stay on what it is about now. */
export function stayOn(id: string): void {
  const tabs = useTabs()
  const tab = tabs.find(id)
  const object = tab && tabObject(tab)
  const on = tab?.context.on
  if (!tab || !object || typeof on !== 'string') return
  const at = 'run' in object ? { ...useSelection().headOf(on), ...object.at } : object.at
  tabs.putOn(id, { ...object, at })
}

function copyGroup(from: LinkGroup, to: LinkGroup): void {
  const models = useModels()
  models.activate(models.activeIds[from] ?? null, to)
  useRuns().copy(from, to)
  useSelection().copy(from, to)
}

function beginWith(subject: Subject, group: LinkGroup): void {
  const models = useModels()
  const runs = useRuns()
  const selection = useSelection()
  const model = models.referred(subjectModel(subject))
  if (!model) return
  models.activate(model.id, group)
  const { layer = 0, head = 0, tensor } = subject.at
  selection.selectHead(layer, head, group)
  if (tensor !== undefined) selection.selectTensor(tensor, group)
  if (!('run' in subject)) return
  runs.take(subject.run, model, group)
  void runs.start(group)
}
