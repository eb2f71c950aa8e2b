import { type ApiGraph, type InputRef, isLink } from './api-graph.js';

/** What a node that only holds a value (PrimitiveInt, a text box, a seed box) calls its one input. */
const VALUE_INPUT = /^(value|text|string|prompt|positive|negative|seed|noise_seed|int|float|number|width|height|steps|cfg)$/i;

/**
 * The input that holds the value behind `ref`: `ref` itself, or the one input of the value node that it is linked to, over any number of them.
 * Null where the value is worked out by another kind of node.
 */
export function literalBehind(graph: ApiGraph, ref: InputRef): InputRef | null {
  const value = graph[ref.node].inputs[ref.input];
  if (!isLink(value)) return ref;
  const inputs = Object.keys(graph[value[0]].inputs).filter((input) => input !== 'control_after_generate');
  return inputs.length === 1 && VALUE_INPUT.test(inputs[0]) ? literalBehind(graph, { node: value[0], input: inputs[0] }) : null;
}

/** The value that the file gives to `ref`; undefined where it is worked out by a node. */
export function valueOf(graph: ApiGraph, ref: InputRef): unknown {
  const literal = literalBehind(graph, ref);
  return literal ? graph[literal.node].inputs[literal.input] : undefined;
}
