/** A calm gradient that only this seed has, as a CSS image: what stands in a frame before there is anything to see. */
export function seedGradient(seed: number): string {
  const [hue, shift, angle] = [spread(seed, 360, 0.618_033_988_7), spread(seed, 70, 0.754_877_666_2), spread(seed, 180, 0.569_840_290_9)];
  const color = (lightness: number, turn: number) => `oklch(${lightness} 0.045 ${Math.round(hue + turn)})`;
  return `linear-gradient(${Math.round(angle)}deg, ${color(0.42, 0)}, ${color(0.3, 30 + shift)} 60%, ${color(0.36, 60 + shift)})`;
}

/** Neighbouring seeds lie far from each other. */
function spread(seed: number, range: number, step: number): number {
  return ((seed * step) % 1) * range;
}
