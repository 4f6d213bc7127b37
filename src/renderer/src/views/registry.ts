import { kindOf, wholes, type Subject } from '#common/model/subject.ts'
import { activationsView } from './activations/view.ts'
import { aggregateView } from './aggregate/view.ts'
import { architectureView } from './architecture/view.ts'
import { attentionView } from './attention/view.ts'
import { attentionLinesView } from './attention-lines/view.ts'
import { attentionModelView } from './attention-model/view.ts'
import { attentionTextView } from './attention-text/view.ts'
import { checkpointsView } from './checkpoints/view.ts'
import { directAttributionView } from './direct-attribution/view.ts'
import { circuitsView } from './circuits/view.ts'
import { figureView } from './figure/view.ts'
import { headView } from './head/view.ts'
import { headAtlasView } from './head-atlas/view.ts'
import { headGroupsView } from './head-groups/view.ts'
import { headProfileView } from './head-profile/view.ts'
import { healthView } from './health/view.ts'
import { hiddenStatesView } from './hidden-states/view.ts'
import { logitLensView } from './logit-lens/view.ts'
import { modelComparisonView } from './model-comparison/view.ts'
import { neuronsView } from './neurons/view.ts'
import { notesView } from './notes/view.ts'
import { overviewView } from './overview/view.ts'
import type { Page } from './page.ts'
import { projectorView } from './projector/view.ts'
import { saliencyView } from './saliency/view.ts'
import { settingsPage } from './settings/page.ts'
import { predictionsView } from './predictions/view.ts'
import { queryKeyView } from './query-key/view.ts'
import { positionsView } from './positions/view.ts'
import { tensorView } from './tensor/view.ts'
import { timelineView } from './timeline/view.ts'
import { tokensView } from './tokens/view.ts'
import type { View } from './view.ts'
import { vocabularyView } from './vocabulary/view.ts'
import { weightsByLayerView } from './weights-by-layer/view.ts'
import { whyView } from './why/view.ts'
import { wordsView } from './words/view.ts'

/** Every kind of tab, in the order the palette lists them. */
export const views: readonly View[] = [
  overviewView,
  architectureView,
  attentionView,
  headView,
  queryKeyView,
  aggregateView,
  attentionTextView,
  attentionLinesView,
  attentionModelView,
  headAtlasView,
  headGroupsView,
  headProfileView,
  modelComparisonView,
  tensorView,
  weightsByLayerView,
  checkpointsView,
  timelineView,
  circuitsView,
  predictionsView,
  healthView,
  logitLensView,
  activationsView,
  neuronsView,
  whyView,
  saliencyView,
  directAttributionView,
  notesView,
  figureView,
  tokensView,
  vocabularyView,
  wordsView,
  projectorView,
  hiddenStatesView,
  positionsView
]

/** Every kind of tab that is about the window itself. */
export const pages: readonly Page[] = [settingsPage]

/** The views that an object can be looked at with, the one that is made for it first. */
export function viewsFor(subject: Subject): readonly View[] {
  const kinds = wholes[kindOf(subject)]
  const distance = ({ accepts }: View) =>
    Math.min(...accepts.map(kind => kinds.indexOf(kind)).filter(at => at >= 0))
  return views
    .filter(view => distance(view) < Infinity && (view.of === 'model' || 'run' in subject))
    .toSorted((a, b) => distance(a) - distance(b))
}

/** The view of a type; undefined when this version has none. */
export function viewOf(type: string): View | undefined {
  return views.find(view => view.type === type)
}

/** The page of a type; undefined when this version has none. */
export function pageOf(type: string): Page | undefined {
  return pages.find(page => page.type === type)
}
