import type { Room } from '../../reactive/use-size.ts'
import { fitCanvas, keptContext, linkedProgram } from '../../ui/space/graphics.ts'
import type { Plane } from '../../ui/space/plane.ts'

/** Points as they are painted. */
export interface PaintedPoints {
  /** [point, 2] */
  readonly places: Float32Array
  /** [point], from −1 of the farthest to 1 of the nearest, which is painted above and larger; null in the plane. */
  readonly depths: Float32Array | null
  /** [point], by the place in the palette */
  readonly colors: Uint8Array
  /** Red, green and blue of each colour, 0–255. */
  readonly palette: readonly (readonly [number, number, number])[]
  /** [point], 1 where it is lit; null where none is, and all are as they are. */
  readonly lit: Uint8Array | null
}

export interface PointPainter {
  load(points: PaintedPoints): void
  /**
   * @param size of a point, in CSS pixels
   * @param ratio device pixels a CSS pixel
   */
  draw(plane: Plane, room: Room, size: number, ratio: number): void
  end(): void
}

/** How much is left of points that are not lit, where others are. */
const faint = 0.16
/** How much larger the nearest are seen, and smaller the farthest. */
const nearer = 0.35

/** Paints by the graphics processor: 100,000 points move with the pointer. Where there is none, by the canvas itself. */
export function pointPainter(canvas: HTMLCanvasElement): PointPainter {
  const gl = canvas.getContext('webgl2', { antialias: false, premultipliedAlpha: true })
  return gl === null ? plainPainter(canvas) : fastPainter(canvas, gl)
}

const mostColors = 32

const vertex = `#version 300 es
in vec2 place;
in float color;
in float lit;
in float depth;
uniform vec2 middle;
uniform vec2 unit;
uniform float size;
uniform bool some;
uniform bool above;
uniform vec3 palette[${mostColors}];
out vec4 ink;
out float own;
void main() {
  bool hidden = some && (lit > 0.5) != above;
  gl_Position = hidden ? vec4(2.0, 2.0, 0.0, 1.0) : vec4((place - middle) * unit, -0.9 * depth, 1.0);
  own = (some && above ? size * 1.5 : size) * (1.0 + ${nearer.toFixed(2)} * depth);
  gl_PointSize = own;
  ink = vec4(palette[int(color + 0.5)], some && !above ? ${faint.toFixed(2)} : 0.9);
}`

const fragment = `#version 300 es
precision highp float;
in vec4 ink;
in float own;
out vec4 result;
void main() {
  float far = length(gl_PointCoord - 0.5);
  float edge = 0.5 / max(own, 1.0);
  float alpha = ink.a * (1.0 - smoothstep(0.5 - 2.0 * edge, 0.5, far));
  if (alpha < 0.02) discard;
  result = vec4(ink.rgb * alpha, alpha);
}`

function fastPainter(canvas: HTMLCanvasElement, gl: WebGL2RenderingContext): PointPainter {
  let points: PaintedPoints | null = null
  let last: Parameters<PointPainter['draw']> | null = null
  let ready: Ready | null = null

  interface Ready {
    readonly program: WebGLProgram
    readonly buffers: readonly WebGLBuffer[]
    readonly at: (name: string) => WebGLUniformLocation | null
  }

  function prepared(): Ready {
    const names = ['place', 'color', 'lit', 'depth']
    const program = linkedProgram(gl, { vertex, fragment, attributes: names })
    const buffers = names.map(() => gl.createBuffer())
    gl.useProgram(program)
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
    return { program, buffers, at: name => gl.getUniformLocation(program, name) }
  }

  function fill(
    { buffers, at }: Ready,
    { places, depths, colors, palette, lit }: PaintedPoints
  ): void {
    const [own, tints, marks, far] = buffers
    const attribute = (i: number, buffer: WebGLBuffer, data: Float32Array | Uint8Array) => {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW)
      gl.enableVertexAttribArray(i)
      const kind = data instanceof Float32Array ? gl.FLOAT : gl.UNSIGNED_BYTE
      gl.vertexAttribPointer(i, i === 0 ? 2 : 1, kind, false, 0, 0)
    }
    attribute(0, own!, places)
    attribute(1, tints!, colors)
    attribute(2, marks!, lit ?? new Uint8Array(colors.length))
    attribute(3, far!, depths ?? new Float32Array(colors.length))
    const flat = palette.slice(0, mostColors).flatMap(color => color.map(part => part / 255))
    gl.uniform3fv(at('palette'), flat)
  }

  const end = keptContext(canvas, gl, () => {
    ready = null
    if (points) load(points)
    if (last) draw(...last)
  })

  function load(next: PaintedPoints): void {
    points = next
    ready ??= prepared()
    fill(ready, next)
  }

  function draw(plane: Plane, room: Room, size: number, ratio: number): void {
    last = [plane, room, size, ratio]
    if (points === null || ready === null || gl.isContextLost()) return
    fitCanvas(canvas, room, ratio)
    gl.viewport(0, 0, canvas.width, canvas.height)
    gl.clearColor(0, 0, 0, 0)
    // Points are painted in no order: what is nearer stays.
    if (points.depths === null) gl.disable(gl.DEPTH_TEST)
    else gl.enable(gl.DEPTH_TEST)
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT)
    const { at } = ready
    gl.uniform2f(at('middle'), plane.x, plane.y)
    gl.uniform2f(at('unit'), (2 * plane.scale) / room.width, (2 * plane.scale) / room.height)
    gl.uniform1f(at('size'), size * ratio)
    gl.uniform1i(at('some'), points.lit === null ? 0 : 1)
    for (const above of points.lit === null ? [0] : [0, 1]) {
      gl.uniform1i(at('above'), above)
      // What is lit is seen also where others are before it.
      if (above === 1) gl.clear(gl.DEPTH_BUFFER_BIT)
      gl.drawArrays(gl.POINTS, 0, points.colors.length)
    }
  }

  return { load, draw, end }
}

function plainPainter(canvas: HTMLCanvasElement): PointPainter {
  const context = canvas.getContext('2d')!
  let points: PaintedPoints | null = null
  return {
    load: next => (points = next),
    draw(plane, room, size, ratio) {
      fitCanvas(canvas, room, ratio)
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      context.clearRect(0, 0, room.width, room.height)
      if (points === null) return
      const { places, depths, colors, palette, lit } = points
      const order = Uint32Array.from(colors.keys())
      if (depths !== null) order.sort((a, b) => depths[a]! - depths[b]!)
      const inks = palette.map(color => `rgb(${color.join(' ')})`)
      for (const above of lit === null ? [null] : [0, 1]) {
        context.globalAlpha = above === 0 ? faint : 0.9
        const side = above === 1 ? size * 1.5 : size
        for (const point of order) {
          if (above !== null && lit![point] !== above) continue
          const x = room.width / 2 + (places[2 * point]! - plane.x) * plane.scale
          const y = room.height / 2 - (places[2 * point + 1]! - plane.y) * plane.scale
          if (x < -side || y < -side || x > room.width + side || y > room.height + side) continue
          context.fillStyle = inks[colors[point]!]!
          context.fillRect(x - side / 2, y - side / 2, side, side)
        }
      }
    },
    end: () => (points = null)
  }
}
