import { variable } from '../../data/dataset.ts'
import { counted, exactCount } from '../../text/number-text.ts'
import { fewWindows, windowNotes } from '../head-atlas/windows.ts'
import { classWords } from './class-words.ts'
import type { ComparedMean } from './compared-means.ts'
import type { ComparedModel } from './compared-model.ts'

/** What is not alike about two models and their texts, and what few windows cannot tell, in sentences. */
export function unfairness(
  a: ComparedModel,
  b: ComparedModel,
  means: readonly ComparedMean[]
): string[] {
  const sides = [a, b]
  const [one, other] = [a.model.config, b.model.config]
  const sentence = (applies: boolean, text: string) => (applies ? [text] : [])
  const sameModel = a.model.fingerprint === b.model.fingerprint
  const causal = ({ model }: ComparedModel) => model.visibility?.[0]?.causal ?? null
  const tested = means.filter(({ verdict }) => verdict !== 'unknown').length
  return [
    ...sentence(
      a.texts !== b.texts,
      sameModel
        ? 'The texts differ: what differs is of them, for the model is the same.'
        : 'Each reads texts of its own: a difference may be the model’s or the text’s.'
    ),
    ...sentence(
      one.dVocab !== other.dVocab,
      `Vocabularies differ: ${exactCount(one.dVocab)} tokens in ${a.name}, ${exactCount(other.dVocab)} in ${b.name}. A token is not the same amount of text, and its copies are not as frequent.`
    ),
    ...[a, b].flatMap((side, i) => {
      const only = classesIn(side).filter(name => !classesIn([b, a][i]!).includes(name))
      return sentence(
        only.length > 0,
        `Only the text of ${side.name} has ${only.map(classWords).join(', ')}: of these nothing is compared.`
      )
    }),
    ...sentence(
      a.window !== b.window,
      `Windows differ: ${windowWords(a)} in ${a.name}, ${windowWords(b)} in ${b.name}. Longer ones spread uniform attention thinner; each score stands beside its own baseline.`
    ),
    ...sentence(
      a.stride !== b.stride,
      `Strides differ: windows ${strideWords(a)} in ${a.name}, ${strideWords(b)} in ${b.name}. What windows share counts more than once, what lies between them not at all.`
    ),
    ...sentence(
      a.atlas.heads.length !== b.atlas.heads.length,
      `${a.name} has ${exactCount(a.atlas.heads.length)} heads and ${b.name} ${exactCount(b.atlas.heads.length)}: counts are of unlike wholes.`
    ),
    ...sentence(
      one.nLayers !== other.nLayers,
      `${a.name} has ${one.nLayers} layers and ${b.name} ${other.nLayers}: depth is from 0, the first, to 1, the last.`
    ),
    ...sentence(
      causal(a) !== causal(b),
      'One sees what comes after a token and the other does not: a share of attention is a share of unlike wholes.'
    ),
    ...sides.flatMap(({ name, edited }) => sentence(edited, `${name} runs with edits.`)),
    ...sides.flatMap(({ name, atlas, model }) =>
      sentence(
        atlas.layers.length < model.config.nLayers,
        `Of ${name} only the layers ${atlas.layers.join(', ')} are read: the others have no patterns.`
      )
    ),
    ...sides.flatMap(({ name, result }) => {
      const { no_baseline: none } = result.attributes
      return typeof none === 'string' ? [`${name}: ${none} Scores are compared as they are.`] : []
    }),
    ...sides.flatMap(({ name, result }) => windowNotes(result).map(note => `${name}: ${note}`)),
    ...sides.flatMap(({ name, atlas: { windows } }) =>
      sentence(windows < 2, `${name} has one window: how sure its numbers are is not known.`)
    ),
    ...sentence(
      sides.some(({ atlas }) => atlas.windows < fewWindows),
      `Fewer than ${fewWindows} windows: kinds of heads go by their scores alone and are not tested on other windows.`
    ),
    ...sentence(
      tested > 1,
      `Each interval stands by itself: of ${tested} differences about one in twenty is told apart by chance. Windows that follow one another in a text are less apart than ones that were drawn.`
    )
  ]
}

function windowWords({ window }: ComparedModel): string {
  return window === null ? 'a sentence each' : `${exactCount(window)} tokens`
}

function strideWords({ stride }: ComparedModel): string {
  return stride === null ? 'follow one another' : `begin every ${counted(stride, 'token')}`
}

/** The classes of tokens that a text has. */
function classesIn({ result }: ComparedModel): string[] {
  const { data } = variable(result, 'windows')
  return result.axes['score']!.labels!.flatMap((name, i) =>
    name.startsWith('to_') && data[i]! > 0 ? [name.slice(3)] : []
  )
}
