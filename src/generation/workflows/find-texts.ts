import { type ApiGraph, type InputRef, isLink } from './api-graph.js';

export type Role = 'positive' | 'negative';

/** What text encoders call their texts: CLIPTextEncode, …SDXL, …Flux, …SD3, …HiDream, …HunyuanDiT, …Lumina2, TextEncodeQwenImageEdit. */
export const TEXT_INPUT = /^(text|text_g|text_l|clip_l|clip_g|t5xxl|llama|bert|mt5xl|prompt|user_prompt)$/;

const NAMED_FOR: Record<Role, RegExp> = { positive: /^positive/, negative: /^neg(ative)?(_|$)/ };

/** A node that turns whatever text comes into it into nothing. */
const SILENCER = 'ConditioningZeroOut';

/**
 * The text inputs of all encoders whose conditioning reaches `sampler` in this role, followed through any nodes between them
 * (guiders, ControlNet, FluxGuidance, combine, average, area, mask, switches…). A text input may itself be a link.
 */
export function findTexts(graph: ApiGraph, sampler: string, role: Role): InputRef[] {
  const found: InputRef[] = [];
  const seen = new Set<string>();
  const visit = (id: string) => {
    if (seen.has(id) || graph[id].class_type === SILENCER) return;
    seen.add(id);
    for (const input of inputsThatMatter(graph[id].inputs, role)) {
      const value = graph[id].inputs[input];
      if (TEXT_INPUT.test(input) || typeof value === 'string') found.push({ node: id, input });
      else if (isLink(value)) visit(value[0]);
    }
  };
  visit(sampler);
  return found;
}

/** The best answer a node gives: an input named for the role, else conditioning, else its texts, else (a switch, a reroute) all its links. */
function inputsThatMatter(inputs: Record<string, unknown>, role: Role): string[] {
  const names = Object.keys(inputs).filter((input) => typeof inputs[input] === 'string' || isLink(inputs[input]));
  const links = names.filter((input) => isLink(inputs[input]));
  const ofRole = names.filter((input) => NAMED_FOR[role].test(input));
  if (ofRole.length > 0) return ofRole;
  const conditioning = links.filter((input) => /^(cond|guider)/.test(input));
  if (conditioning.length > 0) return conditioning;
  const texts = names.filter((input) => TEXT_INPUT.test(input));
  return texts.length > 0 ? texts : links;
}
