import type { Help } from '../view.ts'

export const help: Help = {
  what: 'What the model computes, from tokens to logits: the block as this model has it, each kind of block once, with the layers that are so. Of any checkpoint whose config.json or description is read, also of one that cannot run.',
  formulas: [
    { name: 'shape', formula: 'of a matrix as [in, out], whatever way round the file has it' },
    { name: 'parameters', formula: 'Σ elements of weights and biases, a tensor once' }
  ],
  sources: ['config.json or the description, and the headers of the tensor files'],
  reading: [
    'The line at the left is the residual stream. Branches read it where they leave it, and what they give is added at +.',
    'A box on the stream changes the stream itself, such as the norm of a post-norm model.',
    'Boxes beside each other read the same; each row reads what the row above gives.',
    'A grey box has no weights.',
    'Choose a box to see its tensors, and one of these to open it. Tensors are those of the first layer of their kind, and of experts those of the first.'
  ],
  lookFor: [
    'Where norms stand: before (pre-norm), after, or around attention and MLP.',
    'Fewer key/value heads than query heads, windows, sinks: what layers differ in when their kinds take turns.',
    'Branches side by side: attention and MLP read the same residual.',
    'Where most parameters are: the matrices of MLPs and experts, or the embedding.'
  ]
}
