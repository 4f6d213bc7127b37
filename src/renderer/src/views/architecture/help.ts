import type { Help } from '../view.ts'

export const help: Help = {
  what: 'What the model computes, from tokens to logits: the block as this model has it, each kind of block once, with the layers that are so; or all of it in space, in true proportions. Of any checkpoint whose config.json or description is read, also of one that cannot run.',
  formulas: [
    { name: 'shape', formula: 'of a matrix as [in, out], whatever way round the file has it' },
    { name: 'parameters', formula: 'Σ elements of weights and biases, a tensor once' },
    {
      name: 'in space',
      formula:
        'height × breadth = inputs × outputs; volume ∝ parameters: several matrices alike are as much thicker'
    }
  ],
  sources: ['config.json or the description, and the headers of the tensor files'],
  reading: [
    'The line at the left is the residual stream. Branches read it where they leave it, and what they give is added at +.',
    'A box on the stream changes the stream itself, such as the norm of a post-norm model.',
    'Boxes beside each other read the same; each row reads what the row above gives.',
    'A grey box has no weights.',
    'Choose a box to see its tensors, and one of these to open it. Tensors are those of the first layer of their kind, and of experts those of the first.',
    '3-D is the whole model, layer after layer. A side longer than all of the blocks’, such as a vocabulary’s, is folded: shorter, and as much thicker. What is thinner than a hair, as norms are, is drawn as one; what has no weights is left out.',
    'A drag turns it, with Shift it moves it, the wheel zooms, a click lists the tensors of a part. By keys: arrows left and right go from part to part, up and down from layer to layer, with Shift they turn, + and − zoom, Enter opens.',
    'By a statistic a part has the colour of its largest matrix, of experts that of the first; grey has none: no block, norms, quantised weights.'
  ],
  lookFor: [
    'Where norms stand: before (pre-norm), after, or around attention and MLP.',
    'Fewer key/value heads than query heads, windows, sinks: what layers differ in when their kinds take turns.',
    'Branches side by side: attention and MLP read the same residual.',
    'Where most parameters are: the matrices of MLPs and experts, or the embedding.'
  ]
}
