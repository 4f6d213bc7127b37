import type { Help } from '../view.ts'

export const help: Help = {
  what: 'The model as it lies on disk: its family and widths, how its parameters divide, and every tensor of its files.',
  formulas: [
    { name: 'parameters', formula: 'Σ product of each tensor’s shape' },
    { name: 'size', formula: 'elements × bytes of the element type' }
  ],
  sources: ['config.json and the headers of the tensor files in the model’s folder'],
  reading: [
    'Parameters are counted once where two names share one tensor (tied weights); each tie is named.',
    'Buffers that a file stores beside parameters, such as attention masks, count as stored, not as parameters.',
    'What a run does not give is listed where it is known, such as values that an ONNX graph does not expose.',
    'How its files were read is said where something was taken for granted, merged or left out; views of its runs say so, too, until it was shown here.',
    '“Check values” reads every floating-point tensor from disk and counts its NaN and infinite values; a sign stands before the tensors that have some.',
    '“Compute SHA-256” reads the files of weights whole; a file that has been read is not read again while it stays the same.',
    'Names and shapes are the file’s own; nothing is renamed or transposed.'
  ],
  lookFor: [
    'Embeddings that outweigh the blocks: usual in small models with large vocabularies.',
    'Unembedding tied to the embedding.',
    'Tensors under “other”: neither the family nor, where none reads the model, their names tell what they are for.'
  ]
}
