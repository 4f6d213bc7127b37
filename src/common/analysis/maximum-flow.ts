/** What an arc can still take is as good as nothing below this: rounding leaves so much. */
const nothing = 1e-13

/** An arc of a network, from one node to another. */
export interface Arc {
  readonly from: number
  readonly to: number
  readonly capacity: number
}

/**
 * The most that flows from one node to another through arcs of given capacities.
 * @param nodes how many there are
 * @source Dinic 1970: blocking flows along shortest paths
 */
export function maximumFlow(
  nodes: number,
  arcs: readonly Arc[],
  source: number,
  sink: number
): number {
  // Arc 2i is the i-th, 2i + 1 the way back along it.
  const heads = arcs.flatMap(({ from, to }) => [to, from])
  const room = Float64Array.from(arcs.flatMap(({ capacity }) => [capacity, 0]))
  const leaving = Array.from({ length: nodes }, (): number[] => [])
  arcs.forEach(({ from, to }, i) => {
    leaving[from]!.push(2 * i)
    leaving[to]!.push(2 * i + 1)
  })
  const levels = new Int32Array(nodes)
  const tried = new Int32Array(nodes)

  /** Steps of each node from the source; −1 where none leads. */
  function level(): void {
    levels.fill(-1)
    levels[source] = 0
    const queue = [source]
    for (const node of queue)
      for (const arc of leaving[node]!) {
        const next = heads[arc]!
        if (room[arc]! <= nothing || levels[next]! >= 0) continue
        levels[next] = levels[node]! + 1
        queue.push(next)
      }
  }

  /** Sends up to `most` from a node on, as deep as the network has layers. */
  function send(node: number, most: number): number {
    if (node === sink) return most
    let sent = 0
    for (const own = leaving[node]!; tried[node]! < own.length; tried[node]!++) {
      const arc = own[tried[node]!]!
      const next = heads[arc]!
      if (room[arc]! <= nothing || levels[next] !== levels[node]! + 1) continue
      const further = send(next, Math.min(most - sent, room[arc]!))
      room[arc]! -= further
      room[arc ^ 1]! += further
      sent += further
      if (most - sent <= nothing) return sent
    }
    return sent
  }

  let flow = 0
  for (;;) {
    level()
    if (levels[sink]! < 0) return flow
    tried.fill(0)
    const more = send(source, Infinity)
    if (more <= nothing) return flow
    flow += more
  }
}
