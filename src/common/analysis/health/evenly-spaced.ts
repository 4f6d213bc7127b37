import { rowMajorView, type MatrixView } from '../matrix-product.ts'

/** Of a matrix at most so many rows and columns, as far apart as they may be; the matrix where it is no larger. */
export function evenlySpaced(
  data: Float32Array,
  [rows, columns]: readonly [number, number],
  most: number
): MatrixView {
  if (rows <= most && columns <= most) return rowMajorView(data, rows, columns)
  const [height, width] = [Math.min(rows, most), Math.min(columns, most)]
  const part = new Float32Array(height * width)
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++)
      part[i * width + j] =
        data[Math.floor((i * rows) / height) * columns + Math.floor((j * columns) / width)]!
  return rowMajorView(part, height, width)
}
