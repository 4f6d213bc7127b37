/** One dimension of a shape: a number, or the name of a length known only when the graph runs. */
export type Dim = number | string

/** What an element can be. Arithmetic is done in the floating types; the rest index, mask or are stored. */
export type ElementType =
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'float64'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint64'
  | 'uint32'
  | 'uint16'
  | 'uint8'
  | 'bool'

/** Element type and shape: all that is known of a tensor before the graph runs. */
export interface TensorType {
  readonly type: ElementType
  readonly shape: readonly Dim[]
}

/** A tensor that a graph takes in, holds or computes. */
export interface Value extends TensorType {
  readonly graph: Graph
  readonly name: string
}

/** A value written into the graph itself, row-major. */
export interface Constant {
  readonly value: Value
  readonly data: readonly number[]
}

/** One use of an op; `output` is the only value it computes. */
export interface Node<Inputs = readonly Value[], Attributes = unknown> {
  readonly op: OpName
  readonly inputs: Inputs
  readonly attributes: Attributes
  readonly output: Value
}

/** A program over tensors. Nodes stand in the order they were applied, so each after its inputs. */
export interface Graph {
  readonly inputs: readonly Value[]
  readonly weights: readonly Value[]
  readonly constants: readonly Constant[]
  readonly nodes: readonly Node[]
  readonly outputs: ReadonlyMap<string, Value>

  /** A tensor handed over at every run. */
  input(name: string, type: ElementType, shape: readonly Dim[]): Value
  /** A tensor of the checkpoint, handed over once; the same name gives the same value. */
  weight(name: string, type: ElementType, shape: readonly number[]): Value
  /** A tensor known now: a scalar, or a list with its shape ([length] when none is given). */
  constant(data: number | readonly number[], shape?: readonly number[], type?: ElementType): Value
  /** Appends a node. */
  apply<Name extends OpName>(
    op: Name,
    inputs: Calls[Name]['inputs'],
    attributes: Calls[Name]['attributes']
  ): Value
  /** Lets `value` leave the graph as `name`. */
  output(name: string, value: Value): void
}

type None = Readonly<Record<string, never>>

/** What an op takes. */
export interface Call<Inputs extends readonly Value[] = readonly Value[], Attributes = unknown> {
  readonly inputs: Inputs
  readonly attributes: Attributes
}

type Unary<Attributes = None> = Call<readonly [x: Value], Attributes>
type Binary<Attributes = None> = Call<readonly [a: Value, b: Value], Attributes>
type Reduction = Unary<{ readonly axes: readonly number[]; readonly keepDims: boolean }>

/** Every op there is, and what it takes. Axes are counted from 0; binary ops broadcast as in NumPy. */
export interface Calls {
  Neg: Unary
  Exp: Unary
  Log: Unary
  Sqrt: Unary
  Reciprocal: Unary
  Abs: Unary
  Sign: Unary
  Sin: Unary
  Cos: Unary
  Tanh: Unary
  Erf: Unary
  Sigmoid: Unary
  Relu: Unary
  Softplus: Unary
  Gelu: Unary<{ readonly approximate: 'none' | 'tanh' }>
  Cast: Unary<{ readonly to: ElementType }>

  Add: Binary
  Sub: Binary
  Mul: Binary
  Div: Binary
  Pow: Binary
  Max: Binary
  Min: Binary

  /**
   * scale · x + add, of the type and shape of x. Scale and add have the rank of x; each of their dimensions is 1 or
   * the length of the axis when the graph runs, so they are named apart from those of x.
   */
  Affine: Call<readonly [x: Value, scale: Value, ...add: Value[]], None>

  Less: Binary
  LessOrEqual: Binary
  Equal: Binary
  And: Binary
  Not: Unary
  Where: Call<readonly [condition: Value, a: Value, b: Value], None>

  /** Product of the last two axes; the axes before them broadcast. */
  MatMul: Binary
  /** a·b + bias of matrices, either of which may be stored transposed. */
  Gemm: Call<
    readonly [a: Value, b: Value, ...bias: Value[]],
    { readonly transA: boolean; readonly transB: boolean }
  >

  /** Over the last axis, as are the two normalizations. */
  Softmax: Unary
  LayerNormalization: Call<
    readonly [x: Value, scale: Value, ...bias: Value[]],
    { readonly epsilon: number }
  >
  RmsNormalization: Call<readonly [x: Value, scale: Value], { readonly epsilon: number }>

  /** Where the `count` largest of each row of the last axis are, the largest first, of equal ones the first: int64. */
  TopK: Unary<{ readonly count: number }>

  ReduceSum: Reduction
  ReduceMean: Reduction

  Reshape: Unary<{ readonly shape: readonly Dim[] }>
  Transpose: Unary<{ readonly perm: readonly number[] }>
  Expand: Unary<{ readonly shape: readonly Dim[] }>
  Concat: Call<readonly Value[], { readonly axis: number }>
  /** Negative bounds count from the end of the axis; an `end` of null is the end itself. */
  Slice: Unary<{ readonly axis: number; readonly start: number; readonly end: number | null }>
  /** Zeros before and after, along one axis. */
  Pad: Unary<{ readonly axis: number; readonly before: number; readonly after: number }>

  /** Rows of the first axis. */
  Gather: Call<readonly [data: Value, indices: Value], None>
  /** `data` with each update added to the row its index names; a row named twice gets both. */
  ScatterAdd: Call<readonly [data: Value, indices: Value, updates: Value], None>
  /** Length of one axis, int64 [1]. */
  Size: Unary<{ readonly axis: number }>
  /** 0, 1, 2, … as far as the axis is long, int64. */
  Range: Unary<{ readonly axis: number }>
}

export type OpName = keyof Calls

/** A row of the op table. */
export interface Op<C extends Call = Call> {
  /**
   * Type and shape of what the op computes.
   * @throws Error saying what does not fit; `Graph.apply` adds the op and its inputs
   */
  result(inputs: C['inputs'], attributes: C['attributes']): TensorType
  /**
   * Vector-Jacobian product: for each input the gradient that `g`, the output's, implies; null where none flows.
   * Absent where the result is not a floating number.
   */
  gradient?(g: Value, node: Node<C['inputs'], C['attributes']>): readonly (Value | null)[]
  /** How ONNX says it; absent where ONNX has the same name, the same inputs and no attributes. */
  onnx?(node: Node<C['inputs'], C['attributes']>, scope: OnnxScope): OnnxNode
}

/** Rows of the op table. */
export type Ops<Name extends OpName = OpName> = { readonly [N in Name]: Op<Calls[N]> }

/** An ONNX node; type and inputs are those of the op where they are absent. */
export interface OnnxNode {
  readonly type?: string
  /** Which of its outputs is meant; the first where it is absent. */
  readonly output?: number
  /** Values, and names that the scope gave; '' for an input left out. */
  readonly inputs?: readonly (Value | string)[]
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>
}

/** A number is an integer unless wrapped. */
export type OnnxAttribute = number | readonly number[] | string | { readonly float: number }

/** What an op may write besides its own node; each gives the name of the tensor written. */
export interface OnnxScope {
  node(node: OnnxNode & { readonly type: string }): string
  /** An int64 scalar. */
  int(number: number): string
  /** An int64 list. */
  ints(data: readonly number[]): string
  /** A shape as an int64 list, its symbolic dimensions read off the graph's inputs at run time. */
  shape(dims: readonly Dim[]): string
}

/** Whether arithmetic, and so a gradient, is possible in the type. */
export function isFloating(type: ElementType): boolean {
  return type === 'bfloat16' || type.startsWith('float')
}

/** A type and shape as messages write them, such as `float32[pos, 768]`. */
export function typeText({ type, shape }: TensorType): string {
  return `${type}[${shape.join(', ')}]`
}
