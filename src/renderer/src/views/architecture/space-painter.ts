import { directionsOf, type Angle } from '#common/figure/orbit.ts'
import { litColor, type SpacePart } from '#common/figure/model-space.ts'
import type { Room } from '../../reactive/use-size.ts'
import { fitCanvas, keptContext, linkedProgram } from '../../ui/space/graphics.ts'
import type { Plane } from '../../ui/space/plane.ts'

/** Cuboids as they are painted. */
export interface PaintedParts {
  readonly parts: readonly Pick<SpacePart, 'from' | 'to' | 'color'>[]
  /** Red, green and blue of each colour, 0–255. */
  readonly palette: readonly (readonly [number, number, number])[]
  /** Of edges. */
  readonly paper: readonly [number, number, number]
}

export interface SpacePainter {
  load(painted: PaintedParts): void
  /** @param ratio device pixels a CSS pixel */
  draw(angle: Angle, plane: Plane, room: Room, ratio: number): void
  end(): void
}

const vertex = `#version 300 es
in vec3 place;
in vec3 color;
in vec2 side;
uniform vec3 right;
uniform vec3 up;
uniform vec3 near;
uniform vec2 middle;
uniform vec2 unit;
uniform float far;
out vec3 ink;
out vec2 at;
void main() {
  vec2 seen = vec2(dot(right, place), dot(up, place));
  gl_Position = vec4((seen - middle) * unit, -dot(near, place) / far, 1.0);
  ink = color;
  at = side;
}`

/** An edge is as wide as a pixel, however near it is, and gives way where a side is hardly wider. */
const fragment = `#version 300 es
precision highp float;
in vec3 ink;
in vec2 at;
uniform vec3 paper;
out vec4 result;
void main() {
  vec2 pixel = max(fwidth(at), vec2(1e-6));
  vec2 away = min(at, 1.0 - at) / pixel;
  float line = 1.0 - smoothstep(0.4, 1.2, min(away.x, away.y));
  float room = clamp((0.5 / max(pixel.x, pixel.y) - 1.5) / 3.0, 0.0, 1.0);
  result = vec4(mix(ink, paper, 0.75 * line * room), 1.0);
}`

const floats = 8
const corners = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 0],
  [1, 1],
  [0, 1]
] as const

/** Paints by the graphics processor, in parallel light; null where there is none. */
export function spacePainter(canvas: HTMLCanvasElement): SpacePainter | null {
  const gl = canvas.getContext('webgl2', { antialias: true, alpha: true })
  if (gl === null) return null
  let painted: PaintedParts | null = null
  let last: Parameters<SpacePainter['draw']> | null = null
  let program: WebGLProgram | null = null
  /** No place lies farther from the origin. */
  let far = 1

  const end = keptContext(canvas, gl, () => {
    program = null
    if (painted) load(painted)
    if (last) draw(...last)
  })

  function load(next: PaintedParts): void {
    painted = next
    if (program === null) {
      program = linkedProgram(gl!, { vertex, fragment, attributes: ['place', 'color', 'side'] })
      gl!.useProgram(program)
      gl!.enable(gl!.DEPTH_TEST)
      gl!.bindBuffer(gl!.ARRAY_BUFFER, gl!.createBuffer())
      for (const [i, size, from] of [
        [0, 3, 0],
        [1, 3, 3],
        [2, 2, 6]
      ] as const) {
        gl!.enableVertexAttribArray(i)
        gl!.vertexAttribPointer(i, size, gl!.FLOAT, false, 4 * floats, 4 * from)
      }
    }
    gl!.bufferData(gl!.ARRAY_BUFFER, verticesOf(next), gl!.STATIC_DRAW)
    far = Math.max(
      1,
      ...next.parts.flatMap(({ from, to }) => [Math.hypot(...from), Math.hypot(...to)])
    )
    far *= 1.5
  }

  function draw(angle: Angle, plane: Plane, room: Room, ratio: number): void {
    last = [angle, plane, room, ratio]
    if (painted === null || program === null || gl!.isContextLost()) return
    fitCanvas(canvas, room, ratio)
    gl!.viewport(0, 0, canvas.width, canvas.height)
    gl!.clearColor(0, 0, 0, 0)
    gl!.clear(gl!.COLOR_BUFFER_BIT | gl!.DEPTH_BUFFER_BIT)
    const at = (name: string) => gl!.getUniformLocation(program!, name)
    const directions = directionsOf(angle)
    ;(['right', 'up', 'near'] as const).forEach((name, i) =>
      gl!.uniform3fv(at(name), [...directions[i]!])
    )
    gl!.uniform2f(at('middle'), plane.x, plane.y)
    gl!.uniform2f(at('unit'), (2 * plane.scale) / room.width, (2 * plane.scale) / room.height)
    gl!.uniform1f(at('far'), far)
    gl!.uniform3fv(
      at('paper'),
      painted.paper.map(part => part / 255)
    )
    gl!.drawArrays(gl!.TRIANGLES, 0, painted.parts.length * 36)
  }

  return { load, draw, end }
}

/** @returns [part, side, corner of two triangles, 8]: place, colour, and where on its side it is */
function verticesOf({ parts, palette }: PaintedParts): Float32Array<ArrayBuffer> {
  const vertices = new Float32Array(parts.length * 36 * floats)
  let at = 0
  for (const { from, to, color } of parts)
    for (const axis of [0, 1, 2] as const) {
      const lit = litColor(palette[color]!, axis).map(part => part / 255)
      const [a, b] = [(axis + 1) % 3, (axis + 2) % 3]
      for (const end of [from, to])
        for (const corner of corners) {
          vertices[at + axis] = end[axis]
          vertices[at + a] = [from, to][corner[0]]![a]!
          vertices[at + b] = [from, to][corner[1]]![b]!
          vertices.set(lit, at + 3)
          vertices.set(corner, at + 6)
          at += floats
        }
    }
  return vertices
}
