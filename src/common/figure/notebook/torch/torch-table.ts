import { saliencyMap, saliencyNumbers, saliencyView } from './gradient-calls.ts'
import {
  attributedLogit,
  logitLens,
  meanLoss,
  tokenPredictions,
  topPredictions,
  whyDifference
} from './logit-calls.ts'
import {
  aggregatedPatterns,
  allPatterns,
  headPattern,
  lineWeights,
  modelLineWeights,
  patternsOfLayer,
  queryScores,
  rolledOut,
  textWeights
} from './pattern-calls.ts'
import { headDistances, headGroups, headScores, offsetCurves, rankedScores } from './score-calls.ts'
import {
  activationNumbers,
  activationsView,
  embeddingSum,
  hiddenStates,
  insideBlock
} from './stream-calls.ts'
import type { TorchCall, WithoutCall } from './torch-call.ts'
import {
  modelParts,
  parameterCount,
  partOfTensor,
  positionNumbers,
  tensorComponents,
  tensorHealth,
  tensorMap,
  tensorSpectra,
  tensorStatistics,
  tensorView,
  weightsByLayer
} from './weight-calls.ts'
import {
  nearestWords,
  shownWords,
  textTokens,
  vocabularySize,
  wordAnalogy,
  wordDimensions,
  wordSimilarity
} from './word-calls.ts'

const without = (why: string): WithoutCall => ({ without: why })

const inside = without(insideBlock)
const cut = without(partOfTensor)
const two = without('they compare two models, or two states of one')
const drawn = without('they come of a drawing of random numbers that PyTorch does not repeat')
const ofTexts = without('they are told of single queries of many windows')

/** What PyTorch is asked for in the place of each view and each analysis, or why it is not. */
export const torchTable: Readonly<Record<string, TorchCall | WithoutCall>> = {
  // Patterns.
  attention: headPattern,
  patterns: patternsOfLayer,
  'all-heads': allPatterns,
  aggregate: aggregatedPatterns,
  rollout: rolledOut,
  lines: lineWeights,
  'model-lines': modelLineWeights,
  text: textWeights,
  scores: queryScores,
  'query-key': queryScores,
  products: inside,

  // Heads.
  'atlas-map': headScores,
  'atlas-scatter': headScores,
  'head-statistics': headScores,
  'head-scores': headScores,
  continuation: without('tokens are drawn one by one, each by those before it'),
  'head-ranking': rankedScores,
  offsets: offsetCurves,
  'head-groups': headGroups,
  'head-distances': headDistances,
  'head-score-distances': without('the view head-groups compares the same distances, by=scores'),
  'head-contexts': ofTexts,
  'head-distribution': ofTexts,
  'head-sequences': ofTexts,
  'random-repeat': drawn,
  'head-importance': inside,
  ablation: inside,
  'compared-heads': two,

  // What the model says.
  predictions: tokenPredictions,
  'token-probabilities': tokenPredictions,
  loss: meanLoss,
  'logit-lens': logitLens,
  lens: logitLens,
  'direct-logit-attribution': attributedLogit,
  why: whyDifference,
  'compare-predictions': two,
  generate: without('it goes on by a choice of its own at each token'),

  // Vectors of a text.
  'hidden-states': hiddenStates,
  'embedding-sum': embeddingSum,
  activations: activationsView,
  'hook-values': inside,
  neuron: inside,
  neurons: inside,
  experts: inside,
  projector: drawn,
  headvis: without('its numbers are those of a folder, of which no model was asked'),
  project: drawn,
  'point-clusters': drawn,

  // Gradients.
  saliency: saliencyView,
  'saliency-map': saliencyMap,
  occlusion: without(
    'it says how alike several methods rank tokens, each of which saliency compares'
  ),

  // Weights.
  tensor: tensorView,
  'tensor-map': tensorMap,
  'weight-statistics': tensorStatistics,
  spectrum: tensorSpectra,
  'weight-pca': tensorComponents,
  'weights-by-layer': weightsByLayer,
  parameters: parameterCount,
  architecture: modelParts,
  health: tensorHealth,
  positions: positionNumbers,
  circuits: cut,
  composition: cut,
  'head-weights': cut,
  diff: two,
  checkpoints: two,
  timeline: two,
  'value-check': without(
    'it looks for numbers that are not finite where they come about, block by block'
  ),

  // Words.
  words: shownWords,
  neighbours: nearestWords,
  similarity: wordSimilarity,
  dimensions: wordDimensions,
  analogy: wordAnalogy,
  'embedding-pca': without(
    'they are of the main directions of all rows, which only their signs would tell apart'
  ),
  tokens: textTokens,
  vocabulary: vocabularySize,
  'token-counts': without('they count the tokens of a corpus'),
  'window-tokens': without('they are the tokens of a corpus')
}

/** Those of a name that an analysis and a view share, and that ask otherwise. */
export const analysisTable: Readonly<Record<string, TorchCall | WithoutCall>> = {
  activations: activationNumbers,
  predictions: topPredictions,
  saliency: saliencyNumbers
}
