import { LamellaError } from '../../model/errors.ts'
import { activationsView } from './activations-view.ts'
import { allHeadsView } from './all-heads-view.ts'
import { architectureView } from './architecture-view.ts'
import { atlasMapView, atlasScatterView, offsetsView } from './atlas-views.ts'
import { checkpointsView } from './checkpoints-view.ts'
import { continuationView } from './continuation-view.ts'
import { directView } from './direct-view.ts'
import { circuitsView } from './circuits-view.ts'
import { comparedHeadsView } from './compared-heads-view.ts'
import { embeddingSumView } from './embedding-sum-view.ts'
import type { FigureView } from './figure-view.ts'
import { headGroupsView } from './groups-view.ts'
import { healthView } from './health-view.ts'
import { hiddenView } from './hidden-view.ts'
import { modelLinesView } from './model-lines-view.ts'
import { headVisView } from './headvis-view.ts'
import { lensView } from './lens-view.ts'
import { linesView } from './lines-view.ts'
import { neuronView } from './neuron-view.ts'
import { parametersView } from './parameters-view.ts'
import { positionsFigureView } from './positions-view.ts'
import { aggregateView, attentionView, rolloutView } from './pattern-views.ts'
import { predictionsView } from './predictions-view.ts'
import { headContextsView, headDistributionView } from './profile-views.ts'
import { productsView, scoresView } from './query-key-views.ts'
import { projectorView } from './projector-view.ts'
import { headRankingView } from './ranking-view.ts'
import { saliencyView } from './saliency-view.ts'
import { tensorView } from './tensor-view.ts'
import { textView } from './text-view.ts'
import { timelineView } from './timeline-view.ts'
import { weightsByLayerView } from './weights-by-layer.ts'
import { tokensFigureView } from './tokens-view.ts'
import { vocabularyFigureView } from './vocabulary-view.ts'
import { whyView } from './why-view.ts'
import { wordsView } from './words-view.ts'

/** Every figure that can be asked for by name. */
export const figureViews: readonly FigureView[] = [
  attentionView,
  allHeadsView,
  aggregateView,
  rolloutView,
  linesView,
  modelLinesView,
  textView,
  productsView,
  scoresView,
  atlasMapView,
  atlasScatterView,
  offsetsView,
  comparedHeadsView,
  headGroupsView,
  headRankingView,
  headContextsView,
  headDistributionView,
  activationsView,
  tokensFigureView,
  vocabularyFigureView,
  wordsView,
  projectorView,
  positionsFigureView,
  embeddingSumView,
  hiddenView,
  lensView,
  predictionsView,
  continuationView,
  neuronView,
  parametersView,
  architectureView,
  tensorView,
  weightsByLayerView,
  checkpointsView,
  timelineView,
  circuitsView,
  healthView,
  whyView,
  directView,
  saliencyView
]

/** @throws LamellaError `invalid-argument` naming those that there are */
export function figureViewNamed(name: string): FigureView {
  const view = figureViews.find(view => view.name === name)
  if (view !== undefined) return view
  throw new LamellaError(
    'invalid-argument',
    `${name}: no figure of that name; there are ${[...figureViews, headVisView].map(({ name }) => name).join(', ')}`
  )
}
