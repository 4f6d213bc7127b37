import { LamellaError } from '../model/errors.ts'
import type { Analysis, AnalysisFacts } from './analysis.ts'
import { ablation } from './ablation/ablation.ts'
import { activations } from './activations/activations.ts'
import { aggregate } from './aggregate.ts'
import { analogy } from './embeddings/analogy.ts'
import { dimensions } from './embeddings/dimensions.ts'
import { embeddingPca } from './embeddings/embedding-pca.ts'
import { neighbours } from './embeddings/neighbours.ts'
import { similarity } from './embeddings/similarity.ts'
import { experts } from './experts.ts'
import { comparePredictions } from './compare-predictions.ts'
import { directLogitAttribution } from './direct-logit-attribution/direct-logit-attribution.ts'
import { circuits } from './circuits/circuits.ts'
import { composition } from './composition/composition.ts'
import { diff } from './diff/diff.ts'
import { headContexts } from './head-contexts/head-contexts.ts'
import { headDistances } from './head-distances/head-distances.ts'
import { headScoreDistances } from './head-distances/head-score-distances.ts'
import { headImportance } from './head-importance.ts'
import { headScores } from './head-scores/head-scores.ts'
import { headSequences } from './head-sequences/head-sequences.ts'
import { headStatistics } from './head-statistics/head-statistics.ts'
import { headWeights } from './head-weights/head-weights.ts'
import { health } from './health/health.ts'
import { hiddenStates } from './hidden-states/hidden-states.ts'
import { hookValues } from './harvest/hook-values.ts'
import { windowTokens } from './harvest/window-tokens.ts'
import { lens } from './lens/lens.ts'
import { loss } from './loss.ts'
import { neurons } from './neurons/neurons.ts'
import { occlusion } from './occlusion/occlusion.ts'
import { parameters } from './parameters.ts'
import { patterns } from './patterns.ts'
import { embeddingSum } from './positions/embedding-sum.ts'
import { positions } from './positions/positions.ts'
import { predictions } from './predictions.ts'
import { pointClusters } from './project/point-clusters.ts'
import { project } from './project/project.ts'
import { queryKey } from './query-key/query-key.ts'
import { randomRepeat } from './random-repeat.ts'
import { rollout } from './rollout.ts'
import { spectrum } from './spectrum/spectrum.ts'
import { saliency } from './saliency/saliency.ts'
import { saliencyMap } from './saliency/saliency-map.ts'
import { tensorMap } from './tensor-map/tensor-map.ts'
import { timeline } from './timeline/timeline.ts'
import { tokenCounts } from './token-counts.ts'
import { tokenProbabilities } from './token-probabilities.ts'
import { valueCheck } from './value-check.ts'
import { weightPca } from './weight-pca/weight-pca.ts'
import { weightStatistics } from './weight-statistics/weight-statistics.ts'
import { why } from './why/why.ts'

/** Every analysis of a model, or of two. */
export const analyses: readonly Analysis[] = [
  headScores,
  headStatistics,
  headContexts,
  headSequences,
  randomRepeat,
  headDistances,
  headScoreDistances,
  headImportance,
  ablation,
  headWeights,
  composition,
  circuits,
  weightStatistics,
  spectrum,
  weightPca,
  tensorMap,
  diff,
  health,
  activations,
  hookValues,
  windowTokens,
  neurons,
  experts,
  patterns,
  queryKey,
  aggregate,
  rollout,
  predictions,
  loss,
  lens,
  directLogitAttribution,
  why,
  saliency,
  saliencyMap,
  occlusion,
  comparePredictions,
  tokenCounts,
  tokenProbabilities,
  neighbours,
  similarity,
  analogy,
  dimensions,
  embeddingPca,
  positions,
  embeddingSum,
  hiddenStates,
  project,
  pointClusters,
  parameters,
  valueCheck
]

/** All that can be asked for: those, and what is made of them over many models. */
export const everyAnalysis: readonly AnalysisFacts[] = [...analyses, timeline]

/** @throws LamellaError `invalid-argument` when there is none of that name */
export function analysisNamed(name: string): Analysis {
  return named(analyses, name)
}

/** What is said of any analysis. @throws LamellaError `invalid-argument` when there is none of that name */
export function analysisFactsNamed(name: string): AnalysisFacts {
  return named(everyAnalysis, name)
}

function named<A extends AnalysisFacts>(among: readonly A[], name: string): A {
  const found = among.find(analysis => analysis.name === name)
  if (found !== undefined) return found
  throw new LamellaError(
    'invalid-argument',
    `${name}: there is no such analysis`,
    `There are ${among.map(analysis => analysis.name).join(', ')}.`
  )
}
