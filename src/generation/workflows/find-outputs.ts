import { type ApiGraph, type InputRef, isLink, upstream } from './api-graph.js';

/**
 * The nodes that save pictures: SaveImage, or any that takes images and a filename_prefix. The first is the one behind which most nodes stand:
 * where a graph also saves a picture half-way, that is the finished one. PreviewImage and SaveImageWebsocket leave no file behind and do not count.
 */
export function findOutputs(graph: ApiGraph): InputRef[] {
  const outputs = Object.keys(graph).filter((id) => savesPictures(graph, id));
  const depth = (id: string) => upstream(graph, id).size;
  return outputs.toSorted((a, b) => depth(b) - depth(a)).map((node) => ({ node, input: 'filename_prefix' }));
}

function savesPictures(graph: ApiGraph, id: string): boolean {
  const { class_type, inputs } = graph[id];
  return (isLink(inputs.images) || isLink(inputs.image)) && ('filename_prefix' in inputs || class_type === 'SaveImage');
}
