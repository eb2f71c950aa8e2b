export type Point = readonly [x: number, y: number];

/** The height (y, downwards) of a line of ground at each x. */
export type Ground = (x: number) => number;

/** Text with numbers cut to one decimal: a tenth of a unit is less than a pixel. */
export function path(strings: TemplateStringsArray, ...values: (number | string)[]): string {
  return String.raw({ raw: strings }, ...values.map((value) => (typeof value === 'number' ? Math.round(value * 10) / 10 : value)));
}

// Opacity goes to fill and stroke alone: `opacity` of a whole element is painted on a layer of its own, which is many times slower.

/** A filled outline; `d` is SVG path data. */
export function form(d: string, fill: string, opacity = 1): string {
  return `<path d="${d}" fill="${fill}"${seen('fill', opacity)}/>`;
}

/** A line with round ends; `d` is SVG path data. */
export function stroke(d: string, color: string, width: number, opacity = 1): string {
  const round = 'stroke-linecap="round" stroke-linejoin="round"';
  return path`<path d="${d}" fill="none" stroke="${color}" stroke-width="${width}" ${round}${seen('stroke', opacity)}/>`;
}

export function polygon(points: readonly Point[], fill: string, opacity = 1): string {
  return form(`M${points.map(([x, y]) => path`${x} ${y}`).join('L')}Z`, fill, opacity);
}

export function circle(x: number, y: number, radius: number, fill: string, opacity = 1): string {
  return path`<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}"${seen('fill', opacity)}/>`;
}

export function ellipse(x: number, y: number, rx: number, ry: number, fill: string, opacity = 1): string {
  return path`<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}"${seen('fill', opacity)}/>`;
}

export function rectangle(x: number, y: number, width: number, height: number, fill: string, opacity = 1): string {
  return path`<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"${seen('fill', opacity)}/>`;
}

/** A drawing made around (0, 0), 100 units tall, put on (x, y) at another height; `way` -1 mirrors it. */
export function placed(drawing: string, x: number, y: number, height: number, way = 1): string {
  const scale = Math.round(height * 100) / 10_000;
  return path`<g transform="translate(${x} ${y}) scale(${`${way * scale} ${scale}`})">${drawing}</g>`;
}

/** The part of a drawing that is above a height. */
export function above(y: number, name: string, drawing: string): string {
  const area = path`<clipPath id="${name}"><rect x="-100" y="-100" width="4000" height="${y + 100}"/></clipPath>`;
  return `${area}<g clip-path="url(#${name})">${drawing}</g>`;
}

/** A gradient from `top` down to `bottom`; fill with `url(#name)`. Each stop: where (0…1), colour, opacity. */
export function fade(name: string, top: number, bottom: number, ...stops: Stop[]): string {
  const where = path`gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="${top}" y2="${bottom}"`;
  return `<linearGradient id="${name}" ${where}>${stops.map(stop).join('')}</linearGradient>`;
}

/** A gradient from the middle of what it fills outwards; fill with `url(#name)`. */
export function radial(name: string, ...stops: Stop[]): string {
  return `<radialGradient id="${name}">${stops.map(stop).join('')}</radialGradient>`;
}

/** A soft light around a point. */
export function glow(name: string, x: number, y: number, radius: number, color: string, opacity: number): string {
  const falloff = [1, 0.72, 0.3, 0.07, 0].map((part, i): Stop => [[0, 0.15, 0.4, 0.7, 1][i], color, part * opacity]);
  return radial(name, ...falloff) + circle(x, y, radius, `url(#${name})`);
}

/** Everything below a line of ground, down to the lower edge, fading from `top` to `bottom` over `depth`. */
export function land(name: string, ground: Ground, width: number, [top, bottom]: [string, string], depth = 320): string {
  const points = along(ground, -10, width + 10);
  const highest = Math.min(...points.map(([, y]) => y));
  const gradient = fade(name, highest, highest + depth, [0, top], [1, bottom]);
  return gradient + polygon([...points, [width + 10, 1010], [-10, 1010]], `url(#${name})`);
}

/** Points on the ground, close enough together to look smooth. */
export function along(ground: Ground, from: number, to: number, step = 5): Point[] {
  const count = Math.max(1, Math.ceil(Math.abs(to - from) / step));
  return Array.from({ length: count + 1 }, (_, i) => from + ((to - from) * i) / count).map((x) => [x, ground(x)] as const);
}

type Stop = [at: number, color: string, opacity?: number];

function stop([at, color, opacity = 1]: Stop): string {
  return `<stop offset="${at}" stop-color="${color}" stop-opacity="${opacity.toFixed(3)}"/>`;
}

function seen(paint: 'fill' | 'stroke', opacity: number): string {
  return opacity === 1 ? '' : ` ${paint}-opacity="${opacity.toFixed(2)}"`;
}
