/**
 * Whether numbers have the standard deviation of a usual initialisation, as near as so many of them tell.
 * @param layers of the model, by which some divide
 * @source 0.02 and 0.02 / √(2 layers): Radford et al. 2019; √(2 / (in + out)): Glorot & Bengio 2010; √(2 / in): He et al. 2015;
 * 1 / √(3 in) and 1: PyTorch's Linear and Embedding; √(2 / (5 d)): Nguyen & Salazar 2019; 2 / (layers √d): Black et al. 2022
 */
export function hasUsualDeviation(
  std: number,
  [rows, columns]: readonly [number, number],
  layers: number
): boolean {
  const sides = [rows, columns]
  const usual = [
    ...[0.02, 0.01, 0.006, 1, 0.02 / Math.sqrt(2 * layers), Math.sqrt(2 / (rows + columns))],
    ...sides.flatMap(side => [
      1 / Math.sqrt(side),
      Math.sqrt(2 / side),
      1 / Math.sqrt(3 * side),
      Math.sqrt(2 / (5 * side)),
      2 / (layers * Math.sqrt(side))
    ])
  ]
  const strays = 4 / Math.sqrt(2 * rows * columns)
  return usual.some(expected => Math.abs(std / expected - 1) <= strays)
}
