import { LamellaError } from '#common/model/errors.ts'
import type { Room } from '../../reactive/use-size.ts'

/**
 * A program of the graphics processor, its attributes in their order from 0.
 * @throws LamellaError `internal` where it is refused
 */
export function linkedProgram(
  gl: WebGL2RenderingContext,
  {
    vertex,
    fragment,
    attributes
  }: { readonly vertex: string; readonly fragment: string; readonly attributes: readonly string[] }
): WebGLProgram {
  const program = gl.createProgram()
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment]
  ] as const) {
    const shader = gl.createShader(kind)!
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  attributes.forEach((name, i) => gl.bindAttribLocation(program, i, name))
  gl.linkProgram(program)
  if (gl.getProgramParameter(program, gl.LINK_STATUS) === false && !gl.isContextLost())
    throw new LamellaError(
      'internal',
      `The picture could not be painted: ${gl.getProgramInfoLog(program) ?? 'no reason is told'}`
    )
  return program
}

/**
 * Has a canvas be painted anew once what the processor held was lost with its context, as after a long sleep.
 * @returns what ends it: a page may have few contexts
 */
export function keptContext(
  canvas: HTMLCanvasElement,
  gl: WebGL2RenderingContext,
  restore: () => void
): () => void {
  const lose = (event: Event) => event.preventDefault()
  canvas.addEventListener('webglcontextlost', lose)
  canvas.addEventListener('webglcontextrestored', restore)
  return () => {
    canvas.removeEventListener('webglcontextlost', lose)
    canvas.removeEventListener('webglcontextrestored', restore)
    gl.getExtension('WEBGL_lose_context')?.loseContext()
  }
}

/** @param ratio device pixels a CSS pixel */
export function fitCanvas(canvas: HTMLCanvasElement, { width, height }: Room, ratio: number): void {
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width !== across) canvas.width = across
  if (canvas.height !== down) canvas.height = down
}
