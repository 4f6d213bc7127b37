import { saliency } from '#common/analysis/saliency/saliency.ts'
import { saliencyMap } from '#common/analysis/saliency/saliency-map.ts'
import type { Help } from '../view.ts'

const [number, gradient, path, gap, erased, smooth, inside] = saliency.about.formulas as string[]

export const help: Help = {
  what: saliency.about.what,
  formulas: [
    { name: 'f', formula: number! },
    { name: 'gradients', formula: gradient! },
    { name: 'integrated', formula: path! },
    { name: 'gap', formula: gap! },
    { name: 'leave one out, ρ', formula: erased! },
    { name: 'SmoothGrad', formula: smooth! },
    { name: 'heads', formula: inside! },
    { name: 'every position', formula: saliencyMap.about.formulas[1]! }
  ],
  sources: saliency.about.sources,
  reading: [
    saliency.about.read,
    'The text and the bars show one method; the list at the side says how alike the others rank the tokens, by Spearman’s ρ of their magnitudes. Where they part, no one of them is to be trusted alone.',
    'A click on a token asks at its position. Every position at once is a map: a row is what one position depends on. Integrated gradients and SmoothGrad take a way back for each position and step or sample: how many is said before.',
    'The loss of a model of masked tokens is that of what is hidden: a click hides a token, or shows it again.',
    'Of heads, attention × gradient is summed over the pattern, output × gradient over what the head writes. Beside them stand the pattern of the selected head, each weight times its gradient, and the neurons that give most by theirs.'
  ],
  lookFor: [
    'A token that occlusion and gradients both rank first.',
    'A gap of integrated gradients beyond some percent: take more steps, or the mean as a baseline.',
    'Methods whose ρ is near 0: what they say is of the method, not of the model.'
  ]
}
