/** Which layers, in words: `Layer 3`, `Layers 0–11`, `Layers 0, 2, … 22`, `Layers 0–4, 6, 8–11`. */
export function layersText(layers: readonly number[]): string {
  if (layers.length === 1) return `Layer ${layers[0]}`
  const step = layers[1]! - layers[0]!
  const isEven = layers.every((layer, i) => i === 0 || layer - layers[i - 1]! === step)
  if (isEven && step > 1 && layers.length > 3)
    return `Layers ${layers[0]}, ${layers[1]}, … ${layers.at(-1)}`
  const runs: { first: number; last: number }[] = []
  for (const layer of layers) {
    const run = runs.at(-1)
    if (run !== undefined && run.last === layer - 1) run.last = layer
    else runs.push({ first: layer, last: layer })
  }
  const words = runs.map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`))
  const most = 8
  return `Layers ${words.length > most ? `${words.slice(0, most).join(', ')}, …` : words.join(', ')}`
}
