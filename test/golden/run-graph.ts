import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import type { Tensor } from '#common/model/tensor.ts'
import { readFloat32 } from '../../src/main/checkpoint/read.ts'
import type { TensorEntry } from '../../src/main/checkpoint/checkpoint.ts'
import type { Graph } from '../../src/main/graph/graph.ts'
import { writeOnnx } from '../../src/main/graph/onnx.ts'

export type Values = Readonly<Record<string, Tensor>>

/** A graph whose weights a checkpoint has, ready to be run by the runtime itself. */
export interface LoadedGraph {
  run(feeds: Values): Promise<Record<string, Tensor>>
  release(): Promise<void>
}

/** @param outputs all of the graph's where they are left out */
export async function loadGraph(
  graph: Graph,
  weights: ReadonlyMap<string, TensorEntry>,
  outputs?: readonly string[]
): Promise<LoadedGraph> {
  const model = writeOnnx(graph, outputs)
  const externalData = await Promise.all(
    model.weights.map(async ({ name, location }) => ({
      path: location,
      data: new Uint8Array((await readFloat32(weights.get(name)!)).buffer)
    }))
  )
  const session = await InferenceSession.create(model.bytes, {
    externalData,
    logSeverityLevel: 3,
    // Graphs are small: more threads would wait for one another.
    intraOpNumThreads: 1
  })
  return {
    async run(feeds) {
      const inputs = graph.inputs.map(({ name }) => {
        const feed = feeds[name]
        if (feed === undefined) throw new Error(`nothing to feed ${name}`)
        return [name, new OrtTensor('float32', feed.data, feed.shape)] as const
      })
      const results = await session.run(Object.fromEntries(inputs))
      return Object.fromEntries(
        Object.entries(results).map(([name, { dims, data }]) => [
          name,
          { shape: dims, data: data as Float32Array }
        ])
      )
    },
    release: () => session.release()
  }
}

/** What a graph gives, once. */
export async function runGraph(
  graph: Graph,
  weights: ReadonlyMap<string, TensorEntry>,
  feeds: Values,
  outputs?: readonly string[]
): Promise<Record<string, Tensor>> {
  const loaded = await loadGraph(graph, weights, outputs)
  return loaded.run(feeds).finally(() => loaded.release())
}
