import { create, toBinary } from '@bufbuild/protobuf'
import { readFloat32 } from '../../src/main/checkpoint/read.ts'
import { openCheckpoint } from '../../src/main/checkpoint/checkpoint.ts'
import { ModelProtoSchema } from '../../src/main/onnx/onnx_pb.js'
import { node, value, type NodeInit } from '../main/architecture/onnx/graphs.ts'

/** Models as programs that optimise ONNX graphs write them: attention, norms and embeddings in one operator each. */

const fused = 'com.microsoft'
type Attribute = { name: string; type: number; i?: bigint; f?: number }
const int = (name: string, i: number): Attribute => ({ name, type: 2, i: BigInt(i) })
const float = (name: string, f: number): Attribute => ({ name, type: 1, f })

/** What a GPT-2 attends with. */
export type FusedAttention = 'GroupQueryAttention' | 'Attention' | 'MultiHeadAttention'

/** The weights of a folder as float32, the whole numbers a graph needs, and its nodes one after the other. */
async function graphOf(folder: string) {
  const { tensors } = await openCheckpoint(folder)
  const nodes: NodeInit[] = []
  const initializers: { name: string; dataType: number; dims: bigint[]; rawData: Uint8Array }[] = []
  const put = (name: string, dims: readonly number[], values: Float32Array | BigInt64Array) => {
    const rawData = new Uint8Array(values.buffer as ArrayBuffer)
    const dataType = values instanceof Float32Array ? 1 : 7
    initializers.push({ name, dataType, dims: dims.map(BigInt), rawData })
    return name
  }
  return {
    nodes,
    put,
    shape: (name: string) => tensors.get(name)!.shape,
    read: (name: string) => readFloat32(tensors.get(name)!),
    /** A stored tensor under its own name. */
    stored: async (name: string) =>
      put(name, tensors.get(name)!.shape, await readFloat32(tensors.get(name)!)),
    /** A stored matrix, its rows as columns. */
    turned: async (name: string) => {
      const [rows = 0, columns = 0] = tensors.get(name)!.shape
      const values = await readFloat32(tensors.get(name)!)
      return put(
        `${name}.T`,
        [columns, rows],
        Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!)
      )
    },
    add: (opType: string, values: string, attribute: Attribute[] = [], domain = fused) => {
      const { name = '', input = [], output = [] } = node(opType, values)
      // One that is left out is written as a dash.
      const names = (of: readonly string[]) => of.map(name => (name === '-' ? '' : name))
      nodes.push({ name, opType, input: names(input), output: names(output), attribute, domain })
    },
    bytes: (input: ReturnType<typeof value>[], output: ReturnType<typeof value>[]) =>
      toBinary(
        ModelProtoSchema,
        create(ModelProtoSchema, {
          irVersion: 8n,
          opsetImport: [
            { domain: '', version: 17n },
            { domain: fused, version: 1n }
          ],
          graph: { name: 'optimised', node: nodes, initializer: initializers, input, output }
        })
      )
  }
}

/**
 * A GPT-2 with a cache, of which the present keys and values come out.
 * @param attention by the operator that computes it
 */
export async function optimisedGpt2(
  folder: string,
  { heads, layers }: { readonly heads: number; readonly layers: number },
  attention: FusedAttention
): Promise<Uint8Array> {
  const { put, shape, read, stored, add, bytes } = await graphOf(folder)
  const own = (name: string) => `transformer.${name}`
  const [vocab = 0, width = 0] = shape(own('wte.weight'))
  const size = width / heads
  const one = put('one', [1], BigInt64Array.of(1n))
  const inputs = [value('input_ids', 7, 'batch', 'seq'), value('attention_mask', 7, 'batch', 'all')]
  const outputs = [value('logits', 1, 'batch', 'seq', vocab)]
  inputs.push(value('position_ids', 7, 'batch', 'seq'))
  add('Cast', 'attention_mask -> mask', [int('to', 6)], '')
  add('ReduceSum', `attention_mask ${one} -> seen`, [int('keepdims', 0)], '')
  add('Sub', `seen ${one} -> last`, [], '')
  add('Cast', 'last -> seqlens', [int('to', 6)], '')
  add('Shape', 'attention_mask -> sizes', [], '')
  add('Gather', `sizes ${put('second', [], BigInt64Array.of(1n))} -> length`, [], '')
  add('Cast', 'length -> total', [int('to', 6)], '')
  add('Gather', `${await stored(own('wte.weight'))} input_ids -> tokens`, [], '')
  add('Gather', `${await stored(own('wpe.weight'))} position_ids -> places`, [], '')
  add('Add', 'tokens places -> x0', [], '')
  const norm = async (name: string) =>
    `${await stored(own(`${name}.weight`))} ${await stored(own(`${name}.bias`))}`
  add('LayerNormalization', `x0 ${await norm('h.0.ln_1')} -> n0`, [float('epsilon', 1e-5)], '')
  let stream = 'x0'
  for (let l = 0; l < layers; l++) {
    const at = (name: string) => own(`h.${l}.${name}`)
    const [matrix, bias] = [
      await read(at('attn.c_attn.weight')),
      await read(at('attn.c_attn.bias'))
    ]
    if (attention === 'Attention') {
      inputs.push(value(`past_${l}`, 1, 2, 'batch', heads, 'past', size))
      outputs.push(value(`present_${l}`, 1, 2, 'batch', heads, 'all', size))
      const of = `${put(`W${l}`, [width, 3 * width], matrix)} ${put(`b${l}`, [3 * width], bias)}`
      add('Attention', `n${l} ${of} mask past_${l} -> z${l} present_${l}`, [
        int('num_heads', heads),
        int('unidirectional', 1)
      ])
    } else {
      const parts = ['q', 'k', 'v'].map((part, third) => {
        const columns = Float32Array.from(
          { length: width * width },
          (_, i) => matrix[Math.floor(i / width) * 3 * width + third * width + (i % width)]!
        )
        add(
          'MatMul',
          `n${l} ${put(`W${part}${l}`, [width, width], columns)} -> ${part}w${l}`,
          [],
          ''
        )
        const added = put(`b${part}${l}`, [width], bias.slice(third * width, (third + 1) * width))
        add('Add', `${part}w${l} ${added} -> ${part}${l}`, [], '')
        return `${part}${l}`
      })
      const kept = ['key', 'value'].map(part => `${l}.${part}`)
      for (const each of kept) {
        inputs.push(value(`past_key_values.${each}`, 1, 'batch', heads, 'past', size))
        outputs.push(value(`present.${each}`, 1, 'batch', heads, 'all', size))
      }
      const past = kept.map(each => `past_key_values.${each}`).join(' ')
      const present = kept.map(each => `present.${each}`).join(' ')
      if (attention === 'GroupQueryAttention')
        add('GroupQueryAttention', `${parts.join(' ')} ${past} seqlens total -> z${l} ${present}`, [
          int('num_heads', heads),
          int('kv_num_heads', heads)
        ])
      else
        add('MultiHeadAttention', `${parts.join(' ')} - mask - ${past} -> z${l} ${present}`, [
          int('num_heads', heads),
          int('unidirectional', 1)
        ])
    }
    add('MatMul', `z${l} ${await stored(at('attn.c_proj.weight'))} -> ow${l}`, [], '')
    add('Add', `ow${l} ${await stored(at('attn.c_proj.bias'))} -> o${l}`, [], '')
    add(
      'SkipLayerNormalization',
      `${stream} o${l} ${await norm(`h.${l}.ln_2`)} -> m${l} - - mid${l}`,
      [float('epsilon', 1e-5)]
    )
    add('MatMul', `m${l} ${await stored(at('mlp.c_fc.weight'))} -> pre${l}`, [], '')
    add('FastGelu', `pre${l} ${await stored(at('mlp.c_fc.bias'))} -> post${l}`)
    add('MatMul', `post${l} ${await stored(at('mlp.c_proj.weight'))} -> mw${l}`, [], '')
    add('Add', `mw${l} ${await stored(at('mlp.c_proj.bias'))} -> mlp${l}`, [], '')
    const isLast = l === layers - 1
    // Behind the last block nobody reads the sum: it is no output of the operator.
    add(
      'SkipLayerNormalization',
      `mid${l} mlp${l} ${await norm(isLast ? 'ln_f' : `h.${l + 1}.ln_1`)} -> n${l + 1}${isLast ? '' : ` - - x${l + 1}`}`,
      [float('epsilon', 1e-5)]
    )
    stream = `x${l + 1}`
  }
  const unembedding = put(
    'head',
    [width, vocab],
    await turnedValues(read, own('wte.weight'), vocab, width)
  )
  add('MatMul', `n${layers} ${unembedding} -> logits`, [], '')
  return bytes(inputs, outputs)
}

/** A BERT whose ids are multiplied by their mask, and whose embeddings one operator looks up, adds and normalises. */
export async function optimisedBert(
  folder: string,
  {
    heads,
    layers,
    epsilon
  }: { readonly heads: number; readonly layers: number; readonly epsilon: number }
): Promise<Uint8Array> {
  const { put, shape, read, stored, turned, add, bytes } = await graphOf(folder)
  const table = (name: string) => stored(`bert.embeddings.${name}_embeddings.weight`)
  const [vocab = 0, width = 0] = shape('bert.embeddings.word_embeddings.weight')
  const norm = async (name: string) =>
    `${await stored(`${name}.weight`)} ${await stored(`${name}.bias`)}`
  const close = [float('epsilon', epsilon)]
  add('Mul', 'input_ids attention_mask -> seen', [], '')
  for (const [from, to] of [
    ['seen', 'ids'],
    ['attention_mask', 'mask'],
    ['token_type_ids', 'types']
  ])
    add('Cast', `${from} -> ${to}`, [int('to', 6)], '')
  const tables = `${await table('word')} ${await table('position')} ${await table('token_type')}`
  add(
    'EmbedLayerNormalization',
    `ids types ${tables} ${await norm('bert.embeddings.LayerNorm')} -> x0 counted`,
    close
  )
  const linear = async (input: string, name: string, output: string) => {
    add('MatMul', `${input} ${await turned(`${name}.weight`)} -> ${output}:w`, [], '')
    add('Add', `${output}:w ${await stored(`${name}.bias`)} -> ${output}`, [], '')
  }
  for (let l = 0; l < layers; l++) {
    const at = (name: string) => `bert.encoder.layer.${l}.${name}`
    const parts = ['query', 'key', 'value'].map(part => at(`attention.self.${part}`))
    const matrix = new Float32Array(width * 3 * width)
    const bias = new Float32Array(3 * width)
    for (const [third, part] of parts.entries()) {
      const values = await read(`${part}.weight`)
      for (let row = 0; row < width; row++)
        for (let column = 0; column < width; column++)
          matrix[row * 3 * width + third * width + column] = values[column * width + row]!
      bias.set(await read(`${part}.bias`), third * width)
    }
    const of = `${put(`W${l}`, [width, 3 * width], matrix)} ${put(`b${l}`, [3 * width], bias)}`
    add('Attention', `x${l} ${of} mask -> z${l}`, [int('num_heads', heads)])
    await linear(`z${l}`, at('attention.output.dense'), `o${l}`)
    add(
      'SkipLayerNormalization',
      `x${l} o${l} ${await norm(at('attention.output.LayerNorm'))} -> mid${l}`,
      close
    )
    await linear(`mid${l}`, at('intermediate.dense'), `pre${l}`)
    add('Gelu', `pre${l} -> post${l}`)
    await linear(`post${l}`, at('output.dense'), `mlp${l}`)
    add(
      'SkipLayerNormalization',
      `mid${l} mlp${l} ${await norm(at('output.LayerNorm'))} -> x${l + 1}`,
      close
    )
  }
  await linear(`x${layers}`, 'cls.predictions.transform.dense', 'turned')
  add('Gelu', 'turned -> bent')
  add(
    'LayerNormalization',
    `bent ${await norm('cls.predictions.transform.LayerNorm')} -> ready`,
    close,
    ''
  )
  const head = put(
    'head',
    [width, vocab],
    await turnedValues(read, 'bert.embeddings.word_embeddings.weight', vocab, width)
  )
  add('MatMul', `ready ${head} -> scores`, [], '')
  add('Add', `scores ${await stored('cls.predictions.bias')} -> logits`, [], '')
  return bytes(
    ['input_ids', 'attention_mask', 'token_type_ids'].map(name => value(name, 7, 'batch', 'seq')),
    [value('logits', 1, 'batch', 'seq', vocab)]
  )
}

async function turnedValues(
  read: (name: string) => Promise<Float32Array>,
  name: string,
  rows: number,
  columns: number
): Promise<Float32Array> {
  const values = await read(name)
  return Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!)
}
